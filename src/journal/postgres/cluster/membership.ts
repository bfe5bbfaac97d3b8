import { randomUUID } from 'node:crypto';
import type { Replica } from '../../cluster.js';
import type { Link } from '../connection/link.js';
import type { Persistence } from '../connection/persistence.js';
import { FORGET_REPLICA, REPORT_REPLICA } from '../functions/report-replica.js';
import { FORMAT } from './format.js';

const REPORT_EVERY_MS = 2_000;

interface MembershipParts {
  readonly link: Link;
  readonly persistence: Persistence;
}

/** Lists this process among the servers of the database. */
export class Membership {
  readonly replicaId = randomUUID();
  readonly #parts: MembershipParts;
  readonly #leaving = new AbortController();
  #replica: Replica | null = null;

  constructor(parts: MembershipParts) {
    this.#parts = parts;
  }

  /** Null if it has not joined. */
  get replica(): Replica | null {
    return this.#replica;
  }

  join(replica: Replica): void {
    const isFirst = this.#replica === null;
    this.#replica = replica;
    if (!isFirst) return;
    void this.#report(this.#parts.persistence.unless(this.#leaving.signal)).catch(() => undefined);
  }

  /** Never rejects. If it fails, the others see that this process is gone. */
  async leave(): Promise<void> {
    this.#leaving.abort();
    if (this.#replica === null) return;
    const statement = { text: `select ${FORGET_REPLICA.name}($1)`, values: [this.replicaId] };
    await this.#parts.link.query(statement).catch(() => undefined);
  }

  /** Ends only by rejecting, when it leaves. A report that fails is not missed: the next one says the same. */
  async #report(persistence: Persistence): Promise<never> {
    for (;;) {
      await this.#reportOnce().catch(() => undefined);
      await persistence.pause(REPORT_EVERY_MS);
    }
  }

  async #reportOnce(): Promise<void> {
    if (this.#replica === null) return;
    const { url, version, settings } = this.#replica;
    await this.#parts.link.query({
      text: `select ${REPORT_REPLICA.name}($1, $2, $3, $4, $5)`,
      values: [this.replicaId, url, version, FORMAT, settings],
    });
  }
}
