import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BuiltServer } from '../../kit/server/built-server.js';
import { BUILT_MAIN, type Settings } from '../../../src/bench/server/server-process.js';
import type { Place, PlaceKind } from './secret.js';

const run = promisify(execFile);

const OUTPUT_KEPT = 64 * 1024 * 1024;
const DATABASE = 'octostore.db';

/** A folder with a database, all that a server and the commands leave in it, and all that they print. */
export class Household {
  readonly folder = mkdtempSync(join(tmpdir(), 'octostore-proof-'));
  readonly server: BuiltServer;
  readonly #settings: Settings;
  readonly #outputs: Place[] = [];

  constructor(settings: Settings) {
    this.#settings = { DATABASE_URL: join(this.folder, DATABASE), ...settings };
    this.server = new BuiltServer(this.#settings, { folder: this.folder, outputKept: OUTPUT_KEPT });
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  async stop(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    await this.server.end(signal);
    this.#keep(`the output of a run that ended by ${signal}`, this.server.output);
  }

  /** Runs `backup` or `restore` on a file in the folder. */
  async command(name: 'backup' | 'restore', file: string): Promise<void> {
    const env = { PATH: process.env['PATH'], ...this.#settings };
    const { stdout, stderr } = await run(process.execPath, [BUILT_MAIN, name, this.path(file)], {
      cwd: this.folder,
      env,
    });
    this.#keep(`the output of ${name}`, stdout + stderr);
  }

  /** All files as they are now, and all that was printed by what has ended. */
  get places(): Place[] {
    const files = readdirSync(this.folder).map((name): Place => ({
      name,
      kind: kindOf(name),
      content: readFileSync(this.path(name)),
    }));
    return [...files, ...this.#outputs];
  }

  /** Files that somebody else than their owner could open. */
  get openFiles(): string[] {
    return readdirSync(this.folder)
      .filter((name) => (statSync(this.path(name)).mode & 0o077) !== 0)
      .map((name) => `others may open ${name}`);
  }

  async remove(): Promise<void> {
    await this.server.remove();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #keep(name: string, output: string): void {
    this.#outputs.push({ name, kind: 'output', content: Buffer.from(output) });
  }
}

function kindOf(name: string): PlaceKind {
  if (name.endsWith('.key')) return 'key file';
  return /\.db(?:-wal|-shm|\.before-restore-\d+)?$/.test(name) ? 'database' : 'other file';
}
