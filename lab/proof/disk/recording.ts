import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readDiskLog, type LogEntry } from './disk-log.js';
import type { Load } from './load.js';
import { DATABASE_NAME, ShimControl, shimEnvironment, type Fault } from './shim.js';
import type { ShimFolder } from './shim-folder.js';

const LOAD = fileURLToPath(new URL('recorded-load.js', import.meta.url));

const TIMEOUT_MS = 180_000;

const FAILED_SYNC: Fault = { kind: 'sync', error: 'EIO', isPersistent: false };

/** A log of what one or more runs on a database did to its disk. */
export class Recording {
  readonly log: string;
  readonly #shimFolder: ShimFolder;
  readonly #home: string;
  readonly #control: string;

  private constructor(shimFolder: ShimFolder, name: string) {
    this.#shimFolder = shimFolder;
    this.#home = join(shimFolder.folder, name);
    this.log = `${this.#home}.log`;
    this.#control = `${this.#home}.control`;
  }

  static async begin(shimFolder: ShimFolder, name: string): Promise<Recording> {
    const recording = new Recording(shimFolder, name);
    await mkdir(recording.#home);
    return recording;
  }

  /**
   * Runs clients on the real store in a separate process, under the shim. Returns its exit code.
   *
   * @param failSyncAfter the first sync after this many operations fails.
   */
  async run(
    load: Omit<Load, 'database' | 'log'>,
    failSyncAfter: number | null = null,
  ): Promise<number | null> {
    const control = new ShimControl(this.#control, 'create');
    if (failSyncAfter !== null) control.arm(failSyncAfter + 1, FAILED_SYNC);
    const task: Load = { ...load, database: join(this.#home, DATABASE_NAME), log: this.log };
    const child = spawn(process.execPath, [LOAD, JSON.stringify(task)], {
      env: {
        ...process.env,
        ...shimEnvironment(this.#shimFolder.shim, { log: this.log, control: control.path }),
      },
      stdio: ['ignore', 'inherit', 'inherit'],
      timeout: TIMEOUT_MS,
    });
    const [code] = (await once(child, 'exit')) as [number | null];
    control.close();
    return code;
  }

  entries(): LogEntry[] {
    return readDiskLog(this.log);
  }
}
