import { describeGrant, type Grant } from '../../kit/history/history.js';
import { tokenOf } from '../../kit/load/shared-state.js';
import { nowMs, pause } from '../../../src/process/time.js';
import type { ReplicaSet } from '../../kit/server/replica-set.js';
import { EventBook } from './event-book.js';
import { StreamReader } from './stream-reader.js';

/** The user who reads the streams. */
const READER = 'u0';

/** An event may have been committed this long before a stream would have sent it. */
const ON_ITS_WAY_MS = 10_000;
const POLL_MS = 50;

/** One stream through each replica, and one that goes to another replica after each interruption. */
export class Streams {
  readonly #readers: readonly StreamReader[];
  readonly #book = new EventBook();
  readonly #stop = new AbortController();

  constructor(set: ReplicaSet) {
    const token = tokenOf(READER);
    const own = set.replicas.map(
      ({ name, url }) => new StreamReader(`replica ${name}`, () => url, token, this.#book),
    );
    const anyUrl = (): string => {
      const { host, port } = set.anyAddress();
      return `http://${host}:${port}`;
    };
    this.#readers = [...own, new StreamReader('any replica', anyUrl, token, this.#book)];
  }

  start(): void {
    for (const reader of this.#readers) void reader.read(this.#stop.signal);
  }

  stop(): void {
    this.#stop.abort();
  }

  /** Waits until all streams have sent everything, then compares them with the grants. */
  async violations(grants: readonly Grant[], patienceMs: number): Promise<string[]> {
    const last = Math.max(...this.#readers.map(({ position }) => position));
    const late = await this.#arrival(last, patienceMs);
    return [
      ...late.map(({ name, position }) => `the stream of ${name} stopped at event ${position} of ${last}`),
      ...this.#readers.flatMap(({ violations }) => violations),
      ...this.#missing(grants),
    ];
  }

  get figures(): Readonly<Record<string, number>> {
    const sum = (count: (reader: StreamReader) => number): number =>
      this.#readers.reduce((total, reader) => total + count(reader), 0);
    return {
      'events through streams': sum(({ received }) => received),
      'interruptions of streams': sum(({ interruptions }) => interruptions),
      'streams that had to begin with the state': sum(({ resets }) => resets.length),
    };
  }

  /** Resolves with the streams that are late. */
  async #arrival(sequence: number, patienceMs: number): Promise<StreamReader[]> {
    const untilMs = nowMs() + patienceMs;
    const late = (): StreamReader[] => this.#readers.filter(({ position }) => position < sequence);
    while (late().length > 0 && nowMs() < untilMs) await pause(POLL_MS);
    return late();
  }

  /** Acknowledged grants that no stream has sent, although one could have. */
  #missing(grants: readonly Grant[]): string[] {
    const absent = grants.filter(({ lockName: lock, token }) => !this.#book.hasGrant({ lock, token }));
    return absent
      .filter((grant) => !this.#isBehindReset(grant))
      .map((grant) => `${describeGrant(grant)} is in no stream`);
  }

  /** Whether every stream may have missed it because it could not be resumed. */
  #isBehindReset({ callMs, returnMs }: Grant): boolean {
    return this.#readers.every(({ resets }) =>
      resets.some(({ lastMs, atMs }) => callMs <= atMs + ON_ITS_WAY_MS && returnMs >= lastMs - ON_ITS_WAY_MS),
    );
  }
}
