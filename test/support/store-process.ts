import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const folder = new URL('./store-child/', import.meta.url);

/** A separate process that opens a database and acquires locks until it is killed. */
export class StoreProcess {
  /** The fencing tokens that it has acknowledged. */
  readonly tokens: number[] = [];
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  private constructor(child: ChildProcess, lines: AsyncIterator<string>) {
    this.#child = child;
    this.#lines = lines;
  }

  /** Resolves when the process has opened the database. Rejects with its stderr output if it ends before that. */
  static async start(databasePath: string): Promise<StoreProcess> {
    const script = fileURLToPath(new URL('holder.ts', folder));
    const child = spawn(process.execPath, [
      '--import',
      new URL('register.mjs', folder).href,
      script,
      databasePath,
    ]);
    onTestFinished(() => void child.kill('SIGKILL'));
    let complaint = '';
    child.stderr.on('data', (data: Buffer) => (complaint += data.toString()));
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    const first = await lines.next();
    if (first.done === true) throw new Error(complaint);
    return new StoreProcess(child, lines);
  }

  /** Resolves when at least this many grants have been acknowledged. */
  async hasAcquired(count: number): Promise<void> {
    while (this.tokens.length < count) await this.#readToken();
  }

  /** Kills the process, and reads what it had acknowledged until then. */
  async kill(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
    while (await this.#readToken());
  }

  async #readToken(): Promise<boolean> {
    const line = await this.#lines.next();
    if (line.done !== true) this.tokens.push(Number(line.value));
    return line.done !== true;
  }
}
