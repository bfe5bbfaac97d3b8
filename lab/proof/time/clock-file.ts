import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const LIBRARIES = '/usr/lib';

/** The file that tells libfaketime which clocks to show to processes that start with `environment`. */
export class ClockFile {
  readonly #folder = mkdtempSync(join(tmpdir(), 'octostore-clock-'));
  readonly #file = join(this.#folder, 'offset');

  get environment(): Readonly<Record<string, string>> {
    return { LD_PRELOAD: findLibrary(), FAKETIME_TIMESTAMP_FILE: this.#file, NO_FAKE_STAT: '1' };
  }

  /** @param rate how fast clocks run, in seconds per second. Null leaves that to the machine. */
  write(offsetSeconds: number, rate: number | null = null): void {
    const next = `${this.#file}.next`;
    const offset = `${offsetSeconds < 0 ? '' : '+'}${Math.round(offsetSeconds)}`;
    writeFileSync(next, rate === null ? `${offset}\n` : `${offset} x${rate}\n`);
    renameSync(next, this.#file);
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function findLibrary(): string {
  const candidates = readdirSync(LIBRARIES).map((name) =>
    join(LIBRARIES, name, 'faketime', 'libfaketime.so.1'),
  );
  const library = candidates.find((path) => existsSync(path));
  if (library === undefined) throw new Error('libfaketime is not installed. Install the package "faketime".');
  return library;
}
