import type { Exchange } from '../../../lab/kit/proxy/exchange.js';
import { Proxy } from '../../../lab/kit/proxy/proxy.js';
import type { Address } from '../../../lab/kit/http/connection.js';
import { nowMs, pause } from '../../../src/process/time.js';

/** A proxy of a run. */
export type At = 'first' | 'second';

const POLL_MS = 20;

/** The two proxies of a run, which stand for two servers of one service. Most scenarios use only the first. */
export class Proxies {
  private constructor(readonly at: Readonly<Record<At, Proxy>>) {}

  static async start(target: () => Address): Promise<Proxies> {
    return new Proxies({ first: await Proxy.start(target), second: await Proxy.start(target) });
  }

  /** The requests of one operation so far, oldest first. */
  seen(at: At | 'both', operation: string): Exchange[] {
    const proxies = at === 'both' ? Object.values(this.at) : [this.at[at]];
    const exchanges = proxies.flatMap((proxy) => proxy.seen(operation));
    return exchanges.toSorted((one, other) => one.atMs - other.atMs);
  }

  /** Resolves when `isMet` returns true, or after `timeoutMs`. */
  async until(at: At | 'both', isMet: () => boolean, timeoutMs: number): Promise<void> {
    if (at !== 'both') return this.at[at].until(isMet, timeoutMs);
    const endMs = nowMs() + timeoutMs;
    while (!isMet() && nowMs() < endMs) await pause(POLL_MS);
  }

  /** Ends all faults, and refuses connections from now on. */
  async down(): Promise<void> {
    for (const proxy of Object.values(this.at)) {
      proxy.faults.clear();
      await proxy.down().catch(() => undefined);
    }
  }
}
