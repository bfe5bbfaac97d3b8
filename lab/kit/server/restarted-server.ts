import { nowMs, pause } from '../../../src/process/time.js';
import { BuiltServer } from './built-server.js';
import type { Settings } from '../../../src/bench/server/server-process.js';
import { Outages } from '../history/outages.js';
import { TakeOvers } from '../history/take-overs.js';
import { startsAreTakeOvers } from './proof-database.js';

interface Options {
  readonly graceSeconds: number;
  readonly settings: Settings;
  /** The entry point of another build. */
  readonly main?: string;
}

/** An idle leader commits more often than that. */
const COMMIT_EVERY_MS = 1000;

/** The built server, with a record of its outages. */
export class RestartedServer extends BuiltServer {
  readonly outages: Outages;
  /** When the first start attempt since the last end began, or when the last commit before it was made at the earliest. */
  #firstStartMs: number | null = null;

  constructor({ graceSeconds, settings, ...options }: Options) {
    super({ RESTART_GRACE_SECONDS: String(graceSeconds), ...settings }, options);
    const graceMs = graceSeconds * 1000;
    this.outages = startsAreTakeOvers() ? new TakeOvers(graceMs) : new Outages(graceMs);
  }

  override async start(): Promise<void> {
    const startedMs = this.#recordStart();
    await super.start();
    this.#recordReady(startedMs);
  }

  /** Starts it, and kills it if it is not ready in time. Returns whether it is ready. */
  async startsWithin(ms: number): Promise<boolean> {
    const startedMs = this.#recordStart();
    const start = super.start();
    const isReady = await Promise.race([start.then(() => true), pause(ms).then(() => false)]);
    if (isReady) this.#recordReady(startedMs);
    else await Promise.all([start.catch(() => undefined), this.end('SIGKILL')]);
    return isReady;
  }

  override async end(...how: Parameters<BuiltServer['end']>): ReturnType<BuiltServer['end']> {
    if (startsAreTakeOvers()) this.#firstStartMs ??= nowMs() - COMMIT_EVERY_MS;
    return super.end(...how);
  }

  /** Kills it with SIGKILL. Returns a time at which it had certainly ended. */
  async kill(): Promise<number> {
    await this.end('SIGKILL');
    return nowMs();
  }

  #recordStart(): number {
    const startedMs = nowMs();
    this.#firstStartMs ??= startedMs;
    return startedMs;
  }

  #recordReady(startedMs: number): void {
    this.outages.add({ firstStartMs: this.#firstStartMs ?? startedMs, startedMs, readyMs: nowMs() });
    this.#firstStartMs = null;
  }
}
