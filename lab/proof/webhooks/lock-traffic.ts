import { randomUUID } from 'node:crypto';
import { NoAnswer, type Answer, type Connection } from '../../kit/http/connection.js';
import type { LoggedEvent } from '../../kit/history/event-log-check.js';
import { pause } from '../../../src/process/time.js';
import type { Random } from '../../kit/random.js';
import { FAMILIES } from './subscription.js';

const UNREACHABLE_PAUSE_MS = 20;

/** How long a client rests between two leases: the traffic is there to be told of, not to be a load. */
const REST_MS = { min: 5, max: 50 };

/** Calls whose events may be on their way at the same time. */
const AHEAD_MAX = 50;

interface Count {
  asked: number;
  acknowledged: number;
}

/**
 * Clients that acquire, renew and release, and let leases lapse. Each lease has a lock of its own, so that what its calls
 * were answered tells which events there must be, and which there cannot be.
 */
export class LockTraffic {
  readonly #counts = new Map<string, Count>();
  readonly #dice: Random;
  #locks = 0;

  constructor(dice: Random) {
    this.#dice = dice;
  }

  /** Calls that were acknowledged. */
  get acknowledged(): number {
    return [...this.#counts.values()].reduce((sum, { acknowledged }) => sum + acknowledged, 0);
  }

  /**
   * So many clients work until the signal says stop.
   *
   * @param told How many events somebody who wants all of them has been told: the clients do not run far ahead.
   */
  async run(
    clients: number,
    connect: () => Connection,
    told: () => number,
    stop: AbortSignal,
  ): Promise<void> {
    const work = async (): Promise<void> => {
      const connection = connect();
      while (!stop.aborted) {
        if (this.acknowledged - told() < AHEAD_MAX) await this.lease(connection);
        await pause(this.#dice.between(REST_MS.min, REST_MS.max));
      }
      connection.cut();
    };
    await Promise.all(Array.from({ length: clients }, work));
  }

  /** The life of one lease, as far as the server allows. */
  async lease(connection: Connection): Promise<void> {
    const dice = this.#dice;
    const lock = `${FAMILIES[this.#locks % FAMILIES.length]}/${this.#locks}`;
    this.#locks += 1;
    const isLeftToLapse = dice.chance(0.2);
    const lease = { lease_id: randomUUID(), ttl_seconds: isLeftToLapse ? 1 : 60 };
    try {
      if (!(await this.#call(connection, lock, 'acquire', lease))) return;
      if (isLeftToLapse) return;
      if (dice.chance(0.3)) await refused(connection, lock);
      for (let count = dice.below(3); count > 0; count -= 1)
        await this.#call(connection, lock, 'renew', lease);
      await this.#call(connection, lock, 'release', { lease_id: lease.lease_id });
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      await pause(UNREACHABLE_PAUSE_MS);
    }
  }

  /** What was acknowledged is in the log and what was never asked for is not. Returns a sentence for each violation. */
  violations(log: readonly LoggedEvent[]): string[] {
    const logged = new Map<string, number>();
    for (const { lock, event } of log)
      logged.set(`${event} ${lock}`, (logged.get(`${event} ${lock}`) ?? 0) + 1);
    const forgotten = [...this.#counts].filter(
      ([what, { acknowledged }]) => (logged.get(what) ?? 0) < acknowledged,
    );
    const invented = [...logged].filter(
      ([what, count]) => !what.startsWith('expired ') && count > (this.#counts.get(what)?.asked ?? 0),
    );
    return [
      ...forgotten.map(([what]) => `acknowledged but not in the event log: ${what}`),
      ...invented.map(([what]) => `in the event log but never asked for: ${what}`),
    ];
  }

  async #call(connection: Connection, lock: string, verb: Verb, body: object): Promise<boolean> {
    const what = `${EVENT_OF[verb]} ${lock}`;
    const count = this.#counts.get(what) ?? { asked: 0, acknowledged: 0 };
    this.#counts.set(what, count);
    count.asked += 1;
    const { status } = await connection.post(`/locks/${lock}/${verb}`, body);
    if (status === 200) count.acknowledged += 1;
    return status === 200;
  }
}

const EVENT_OF = { acquire: 'acquired', renew: 'renewed', release: 'released' } as const;

type Verb = keyof typeof EVENT_OF;

/** Asks for what must be refused, so that nothing happens. */
function refused(connection: Connection, lock: string): Promise<Answer> {
  return connection.post(`/locks/${lock}/acquire`, { lease_id: randomUUID(), ttl_seconds: 60 });
}
