import { nowMs, pause } from '../../../src/process/time.js';
import { BuiltServer } from './built-server.js';
import type { Settings } from '../../../src/bench/server/server-process.js';
import { Outages } from '../history/outages.js';

interface Options {
  readonly graceSeconds: number;
  readonly settings: Settings;
  /** Another build than the usual one. */
  readonly main?: string;
}

/** The built server, with a record of the times in which it did not run. */
export class RestartedServer extends BuiltServer {
  readonly outages: Outages;
  /** Of the first start since the last end. */
  #firstStartMs: number | null = null;

  constructor({ graceSeconds, settings, ...place }: Options) {
    super({ RESTART_GRACE_SECONDS: String(graceSeconds), ...settings }, place);
    this.outages = new Outages(graceSeconds * 1000);
  }

  override async start(): Promise<void> {
    const startedMs = this.#starts();
    await super.start();
    this.#isReady(startedMs);
  }

  /** Starts it, and kills it if it is not ready within `ms` milliseconds. Returns whether it is ready. */
  async startsWithin(ms: number): Promise<boolean> {
    const startedMs = this.#starts();
    const start = super.start();
    const isReady = await Promise.race([start.then(() => true), pause(ms).then(() => false)]);
    if (isReady) this.#isReady(startedMs);
    else await Promise.all([start.catch(() => undefined), this.end('SIGKILL')]);
    return isReady;
  }

  /** Kills it with SIGKILL. Returns a moment by which it had ended. */
  async kill(): Promise<number> {
    await this.end('SIGKILL');
    return nowMs();
  }

  #starts(): number {
    const startedMs = nowMs();
    this.#firstStartMs ??= startedMs;
    return startedMs;
  }

  #isReady(startedMs: number): void {
    this.outages.add({ firstStartMs: this.#firstStartMs ?? startedMs, startedMs, readyMs: nowMs() });
    this.#firstStartMs = null;
  }
}
