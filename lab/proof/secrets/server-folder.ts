import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BuiltServer } from '../../kit/server/built-server.js';
import type { Settings } from '../../../src/bench/server/server-process.js';
import { commandOf } from '../../../src/program/own-processes.js';
import { BUILT_MAIN } from '../../kit/server/built-main.js';
import type { Source, SourceKind } from './secret.js';

const run = promisify(execFile);

const OUTPUT_KEPT = 64 * 1024 * 1024;
const DATABASE = 'octostore.db';

/** A server's folder: its database, all files that the server and commands create, and their output. */
export class ServerFolder {
  readonly folder = mkdtempSync(join(tmpdir(), 'octostore-proof-'));
  readonly server: BuiltServer;
  readonly #settings: Settings;
  readonly #outputs: Source[] = [];

  constructor(settings: Settings) {
    this.#settings = { DATABASE_URL: join(this.folder, DATABASE), ...settings };
    this.server = new BuiltServer(this.#settings, { folder: this.folder, outputKept: OUTPUT_KEPT });
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  async stop(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    await this.server.end(signal);
    this.#keep(`the output of a run that ended with ${signal}`, this.server.output);
  }

  /** Runs `backup` or `restore` on a file in the folder. */
  async command(name: 'backup' | 'restore', file: string): Promise<void> {
    const env = { PATH: process.env['PATH'], ...this.#settings };
    const [program, ...args] = commandOf(BUILT_MAIN);
    const { stdout, stderr } = await run(program, [...args, name, this.path(file)], {
      cwd: this.folder,
      env,
    });
    this.#keep(`the output of ${name}`, stdout + stderr);
  }

  /** The current files, and the output of all runs and commands that have ended. */
  get sources(): Source[] {
    const files = readdirSync(this.folder).map((name): Source => ({
      name,
      kind: kindOf(name),
      content: readFileSync(this.path(name)),
    }));
    return [...files, ...this.#outputs];
  }

  /** A sentence for each file that others than the owner could open. */
  get openFiles(): string[] {
    return readdirSync(this.folder)
      .filter((name) => (statSync(this.path(name)).mode & 0o077) !== 0)
      .map((name) => `users other than the owner can open ${name}`);
  }

  async remove(): Promise<void> {
    await this.server.remove();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #keep(name: string, output: string): void {
    this.#outputs.push({ name, kind: 'output', content: Buffer.from(output) });
  }
}

function kindOf(name: string): SourceKind {
  if (name.endsWith('.key')) return 'key file';
  return /\.db(?:-wal|-shm|\.before-restore-\d+)?$/.test(name) ? 'database' : 'other file';
}
