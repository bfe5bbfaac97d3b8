import type { FileSuffix, LogEntry } from './disk-log.js';
import { FileImage, type Survival } from './file-image.js';
import type { Random } from '../../kit/random.js';

const SUFFIXES: readonly FileSuffix[] = ['', '-wal', '-journal'];

/** The files of one database, on a simulated disk that only keeps what was synced. */
export class DiskImage {
  readonly #files = new Map<FileSuffix, FileImage | null>(SUFFIXES.map((file) => [file, null]));
  /** What each name may refer to after a power cut: any state from the folder's last sync (first) to now (last). */
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

  /** A possible state of the files if the power fails now. */
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
    if (image === undefined || image === null) throw new Error(`the log uses ${file} before it exists`);
    return image;
  }

  #name(file: FileSuffix, image: FileImage | null): void {
    this.#files.set(file, image);
    this.#names.get(file)?.push(image);
  }
}
