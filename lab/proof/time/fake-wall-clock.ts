import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const LIBRARIES = '/usr/lib';

/** A wall clock that the proof can set, for processes that start with its environment. */
export class FakeWallClock {
  readonly #folder = mkdtempSync(join(tmpdir(), 'octostore-clock-'));
  readonly #file = join(this.#folder, 'offset');
  readonly environment: Readonly<Record<string, string>>;
  jumps = 0;

  constructor() {
    this.environment = {
      LD_PRELOAD: findLibrary(),
      FAKETIME_TIMESTAMP_FILE: this.#file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      NO_FAKE_STAT: '1',
    };
    this.set(0);
  }

  /** Sets the offset from the machine's clock, in seconds. It takes effect immediately. */
  set(offsetSeconds: number): void {
    const next = `${this.#file}.next`;
    writeFileSync(next, `${offsetSeconds < 0 ? '' : '+'}${Math.round(offsetSeconds)}\n`);
    renameSync(next, this.#file);
    this.jumps += 1;
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
