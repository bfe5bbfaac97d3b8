import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { nowMs } from '../../../src/process/time.js';
import { findSecret } from './secrets.js';

export type Json = Readonly<Record<string, unknown>>;

/** A driver's answer to a request. */
export interface Reply {
  readonly value?: unknown;
  readonly error?: Json;
}

/** Request keys whose values are names. */
const NAMES = new Set(['as', 'client', 'handle', 'session', 'watch', 'election', 'block']);

const EXITS_WITHIN_MS = 10_000;

const running = new Set<ChildProcessWithoutNullStreams>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** A driver as a child process. */
export class Driver {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #exited: Promise<unknown>;
  readonly #waiting = new Map<number, { resolve: (reply: Reply) => void; reject: (error: Error) => void }>();
  readonly #events: Json[] = [];
  readonly #listeners = new Set<() => void>();
  #lastId = 0;
  #errors = '';
  #problem: Error | null = null;

  constructor([program = '', ...args]: readonly string[], cwd: string, environment: NodeJS.ProcessEnv) {
    this.#child = spawn(program, args, { cwd, env: { ...process.env, ...environment } });
    running.add(this.#child);
    this.#exited = once(this.#child, 'close');
    this.#child.once('close', (code: number | null, signal: NodeJS.Signals | null) => {
      running.delete(this.#child);
      const how = signal === null ? `with status ${code}` : `by ${signal}`;
      this.#fail(new Error(`the driver has exited ${how}\n${this.#errors}`));
    });
    this.#child.once('error', (error) => this.#fail(error));
    this.#child.stdin.on('error', () => undefined);
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => (this.#errors += text));
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#receive(line));
  }

  /** Its output on standard error. */
  get errors(): string {
    return this.#errors;
  }

  /** Names are prefixed with the scope, so that scenarios do not share them. */
  request(scope: string, what: string, given: Json): Promise<Reply> {
    if (this.#problem !== null) return Promise.reject(this.#problem);
    const id = (this.#lastId += 1);
    const scoped = Object.entries(given).map(([key, value]) => [
      key,
      NAMES.has(key) ? `${scope}:${String(value)}` : value,
    ]);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#child.stdin.write(`${JSON.stringify({ id, do: what, ...Object.fromEntries(scoped) })}\n`);
    });
  }

  /** Removes and returns the next event of a kind. Null if there is none in time. */
  async event(scope: string, name: string, of: string, withinMs: number): Promise<Json | null> {
    const endMs = nowMs() + withinMs;
    for (;;) {
      const at = this.#events.findIndex(
        (event) => event['event'] === name && event['of'] === `${scope}:${of}`,
      );
      if (at !== -1) return this.#events.splice(at, 1)[0] ?? null;
      if (!(await this.#nextChange(endMs - nowMs()))) return null;
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Sends it SIGTERM. Throws if it does not exit in time. */
  async terminate(withinMs: number): Promise<void> {
    this.#child.kill('SIGTERM');
    if (await this.#exitsWithin(withinMs)) return;
    throw new Error(`the driver did not exit within ${withinMs} ms of SIGTERM`);
  }

  /** Closes its input. Throws if it does not exit. */
  async end(): Promise<void> {
    this.#child.kill('SIGCONT');
    this.#child.stdin.end();
    if (await this.#exitsWithin(EXITS_WITHIN_MS)) return;
    this.#child.kill('SIGKILL');
    throw new Error('the driver did not exit at the end of its input');
  }

  async #exitsWithin(ms: number): Promise<boolean> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tooLate = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), ms);
    });
    const result = await Promise.race([this.#exited, tooLate]);
    clearTimeout(timer);
    return result !== 'late';
  }

  /** Resolves with true as soon as there is an event, or with false when the time is over. */
  #nextChange(withinMs: number): Promise<boolean> {
    if (withinMs <= 0 || this.#problem !== null) return Promise.resolve(false);
    return new Promise((resolve) => {
      const end = (hasChanged: boolean): void => {
        clearTimeout(timer);
        this.#listeners.delete(onChange);
        resolve(hasChanged);
      };
      const onChange = (): void => end(true);
      const timer = setTimeout(() => end(false), withinMs);
      this.#listeners.add(onChange);
    });
  }

  #receive(line: string): void {
    let message: Json & Reply;
    try {
      message = JSON.parse(line) as Json & Reply;
    } catch {
      return this.#fail(new Error(`the driver wrote a line that is not JSON: ${line}`));
    }
    if ('event' in message) {
      this.#events.push(message);
      for (const onChange of this.#listeners) onChange();
      return;
    }
    const waiting = this.#waiting.get(Number(message['id']));
    this.#waiting.delete(Number(message['id']));
    const secret = findSecret(line);
    if (secret === null) waiting?.resolve(message);
    else waiting?.reject(new Error(`the driver shows a token: ${line}`));
  }

  #fail(error: Error): void {
    this.#problem ??= error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
    for (const onChange of this.#listeners) onChange();
  }
}
