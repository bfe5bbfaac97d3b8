import type { FileSuffix, LogEntry } from './disk-log.js';
import { FileImage, type Survival } from './file-image.js';
import type { Random } from '../../kit/random.js';

const SUFFIXES: readonly FileSuffix[] = ['', '-wal', '-journal'];

/** A folder with the files of one database, on a disk that remembers only what it was made to. */
export class DiskImage {
  readonly #files = new Map<FileSuffix, FileImage | null>(SUFFIXES.map((file) => [file, null]));
  /** What each name may stand for after a power cut: the last is the present, the first is what the folder's last sync saw. */
  readonly #names = new Map<FileSuffix, (FileImage | null)[]>(SUFFIXES.map((file) => [file, [null]]));

  apply(entry: LogEntry): void {
    switch (entry.kind) {
      case 'write':
      case 'truncate':
        this.#file(entry.file).change(entry);
        break;
      case 'sync':
        this.#file(entry.file).sync();
        break;
      case 'sync-failed':
        this.#file(entry.file).syncFailed();
        break;
      case 'create':
        this.#name(entry.file, new FileImage());
        break;
      case 'remove':
        this.#name(entry.file, null);
        break;
      case 'sync-folder':
        for (const [file, image] of this.#files) this.#names.set(file, [image]);
        break;
      case 'note':
        break;
    }
  }

  /** The files that may be found after a power cut now. */
  afterPowerCut(random: Random, survival: Survival): Map<FileSuffix, Buffer> {
    const found = new Map<FileSuffix, Buffer>();
    for (const [file, possible] of this.#names) {
      const image = random.pick(possible.map((value) => ({ value }))).value;
      if (image !== null) found.set(file, image.afterPowerCut(random, survival));
    }
    return found;
  }

  #file(file: FileSuffix): FileImage {
    const image = this.#files.get(file);
    if (image === undefined || image === null) throw new Error(`the log uses ${file} before it is there`);
    return image;
  }

  #name(file: FileSuffix, image: FileImage | null): void {
    this.#files.set(file, image);
    this.#names.get(file)?.push(image);
  }
}
