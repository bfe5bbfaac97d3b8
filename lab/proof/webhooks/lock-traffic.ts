import { randomUUID } from 'node:crypto';
import { NoAnswer, type Answer, type Connection } from '../../kit/http/connection.js';
import type { LoggedEvent } from '../../kit/history/event-log-check.js';
import { pause } from '../../../src/process/time.js';
import type { Random } from '../../kit/random.js';
import { FAMILIES } from './subscription.js';

const UNREACHABLE_PAUSE_MS = 20;

/** How long a client pauses between two leases. The traffic should cause events, not load. */
const PAUSE_MS = { min: 5, max: 50 };

/** How many calls the clients may be ahead of the deliveries. */
const AHEAD_MAX = 50;

interface Count {
  requested: number;
  acknowledged: number;
}

/**
 * Clients that acquire, renew and release leases, or let them expire. Each lease has its own lock, so that its calls and their
 * answers determine which events there must be, and which there cannot be.
 */
export class LockTraffic {
  readonly #counts = new Map<string, Count>();
  readonly #random: Random;
  #locks = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** The number of acknowledged calls. */
  get acknowledged(): number {
    return [...this.#counts.values()].reduce((sum, { acknowledged }) => sum + acknowledged, 0);
  }

  /**
   * Runs clients until the signal aborts.
   *
   * @param delivered how many events were delivered to a webhook that covers all. The clients do not get far ahead of it.
   */
  async run(
    clients: number,
    connect: () => Connection,
    delivered: () => number,
    stop: AbortSignal,
  ): Promise<void> {
    const work = async (): Promise<void> => {
      const connection = connect();
      while (!stop.aborted) {
        if (this.acknowledged - delivered() < AHEAD_MAX) await this.lease(connection);
        await pause(this.#random.between(PAUSE_MS.min, PAUSE_MS.max));
      }
      connection.cut();
    };
    await Promise.all(Array.from({ length: clients }, work));
  }

  /** Acquires, renews and releases one lease, as far as the server answers. */
  async lease(connection: Connection): Promise<void> {
    const random = this.#random;
    const lock = `${FAMILIES[this.#locks % FAMILIES.length]}/${this.#locks}`;
    this.#locks += 1;
    const isLeftToExpire = random.chance(0.2);
    const lease = { lease_id: randomUUID(), ttl_seconds: isLeftToExpire ? 1 : 60 };
    try {
      if (!(await this.#call(connection, lock, 'acquire', lease))) return;
      if (isLeftToExpire) return;
      if (random.chance(0.3)) await refused(connection, lock);
      for (let count = random.below(3); count > 0; count -= 1)
        await this.#call(connection, lock, 'renew', lease);
      await this.#call(connection, lock, 'release', { lease_id: lease.lease_id });
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      await pause(UNREACHABLE_PAUSE_MS);
    }
  }

  /** Checks that acknowledged calls are in the log, and that nothing else is. Returns a sentence per violation. */
  violations(log: readonly LoggedEvent[]): string[] {
    const logged = new Map<string, number>();
    for (const { lock, event } of log)
      logged.set(`${event} ${lock}`, (logged.get(`${event} ${lock}`) ?? 0) + 1);
    const missing = [...this.#counts].filter(
      ([what, { acknowledged }]) => (logged.get(what) ?? 0) < acknowledged,
    );
    const invented = [...logged].filter(
      ([what, count]) => !what.startsWith('expired ') && count > (this.#counts.get(what)?.requested ?? 0),
    );
    return [
      ...missing.map(([what]) => `acknowledged but not in the event log: ${what}`),
      ...invented.map(([what]) => `in the event log but never requested: ${what}`),
    ];
  }

  async #call(connection: Connection, lock: string, verb: Verb, body: object): Promise<boolean> {
    const what = `${EVENT_OF[verb]} ${lock}`;
    const count = this.#counts.get(what) ?? { requested: 0, acknowledged: 0 };
    this.#counts.set(what, count);
    count.requested += 1;
    const { status } = await connection.post(`/locks/${lock}/${verb}`, body);
    if (status === 200) count.acknowledged += 1;
    return status === 200;
  }
}

const EVENT_OF = { acquire: 'acquired', renew: 'renewed', release: 'released' } as const;

type Verb = keyof typeof EVENT_OF;

/** Sends an acquire that must be refused, so that there is no event. */
function refused(connection: Connection, lock: string): Promise<Answer> {
  return connection.post(`/locks/${lock}/acquire`, { lease_id: randomUUID(), ttl_seconds: 60 });
}
