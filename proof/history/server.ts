import { nowMs } from '../../test/support/real-time.js';
import { BuiltServer, type Settings } from '../server/built-server.js';
import { Outages } from './outages.js';

interface ServerOptions {
  readonly graceSeconds: number;
  readonly settings: Settings;
  /** Another build than the usual one. */
  readonly main?: string;
}

/** The built server, with a record of the times in which it did not run. */
export class Server extends BuiltServer {
  readonly outages: Outages;
  #killedMs = 0;

  constructor({ graceSeconds, settings, ...place }: ServerOptions) {
    super({ RESTART_GRACE_SECONDS: String(graceSeconds), ...settings }, place);
    this.outages = new Outages(graceSeconds * 1000);
  }

  override async start(): Promise<void> {
    const startedMs = nowMs();
    await super.start();
    this.outages.add({ killedMs: this.#killedMs, startedMs, readyMs: nowMs() });
  }

  /** Kills it with SIGKILL. Returns the moment by which it had ended. */
  async kill(): Promise<number> {
    await this.end('SIGKILL');
    this.#killedMs = nowMs();
    return this.#killedMs;
  }
}
