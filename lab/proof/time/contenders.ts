import { randomUUID } from 'node:crypto';
import type { BackgroundWork } from '../background-work.js';
import type { Random } from '../../kit/random.js';
import { nowMs, pause } from '../../../src/process/time.js';
import { Connection, NoAnswer, type Address, type Answer } from '../../kit/http/connection.js';
import { TOKEN } from '../../kit/server/built-server.js';
import type { LeaseRecord } from './lease-record.js';
import type { LeaseRules } from './lease-rules.js';

const CONTENDERS_PER_LOCK = 3;
const TTL_SECONDS = [1, 2];
const WAIT_SECONDS = 5;

/** Longer than any freeze of the server. */
const ANSWER_WITHIN_MS = 90_000;

const UNANSWERED_PAUSE_MS = 20;

/** Some renewals are sent this close to the end of the lease, before or after it, in milliseconds. */
const RENEWAL_SPREAD_MS = 50;

interface Held {
  readonly path: string;
  readonly leaseId: string;
  readonly record: LeaseRecord;
}

/** Clients that contend for a few locks, let leases expire, and try to renew expired leases. */
export class Contenders {
  readonly #address: () => Address;
  readonly #rules: LeaseRules;
  readonly #random: Random;
  abandoned = 0;
  /** The largest distance between an answer's `expires_at` and this machine's wall clock, in milliseconds. */
  largestExpiryErrorMs = 0;

  constructor(address: () => Address, rules: LeaseRules, random: Random) {
    this.#address = address;
    this.#rules = rules;
    this.#random = random;
  }

  start(work: BackgroundWork, locks: number): void {
    for (let lock = 0; lock < locks; lock += 1) {
      for (let contender = 0; contender < CONTENDERS_PER_LOCK; contender += 1) {
        this.#spawn(work, `/locks/contended%2F${lock}`);
      }
    }
  }

  #spawn(work: BackgroundWork, path: string): void {
    const connection = new Connection(this.#address, TOKEN);
    const random = this.#random.split();
    work.repeat(connection, () => this.#contend(path, connection, random).catch(pauseIfUnanswered));
  }

  async #contend(path: string, connection: Connection, random: Random): Promise<void> {
    const held = await this.#acquire(path, connection, random.pick(TTL_SECONDS));
    if (held === null) return;
    for (let renewals = random.below(3); renewals > 0; renewals -= 1) {
      await pause(held.record.ttlMs * random.between(0.1, 0.5));
      await this.#renew(held, connection);
    }
    if (random.chance(0.3)) {
      held.record.isGivenBack = true;
      await connection.post(`${path}/release`, { lease_id: held.leaseId });
      return;
    }
    this.abandoned += 1;
    await pause(
      Math.max(0, held.record.endsByMs - nowMs() + random.between(-RENEWAL_SPREAD_MS, RENEWAL_SPREAD_MS)),
    );
    await this.#renew(held, connection);
    await pause(random.between(0, 500));
    await this.#renew(held, connection);
    held.record.isGivenBack = true;
    await connection.post(`${path}/release`, { lease_id: held.leaseId });
  }

  async #acquire(path: string, connection: Connection, ttl_seconds: number): Promise<Held | null> {
    const leaseId = randomUUID();
    const tokenBefore = this.#rules.highestToken;
    const body = { lease_id: leaseId, ttl_seconds, wait_seconds: WAIT_SECONDS };
    const answer = await connection.post(`${path}/acquire`, body, ANSWER_WITHIN_MS);
    if (!isSuccess(answer, [200, 409])) return null;
    const token = Number(answer.body['fencing_token']);
    const record = this.#rules.granted(path, token, acknowledged(answer, ttl_seconds * 1000), tokenBefore);
    this.#recordExpiry(answer);
    return { path, leaseId, record };
  }

  async #renew({ path, leaseId, record }: Held, connection: Connection): Promise<void> {
    const body = { lease_id: leaseId, ttl_seconds: record.ttlMs / 1000 };
    try {
      const answer = await connection.post(`${path}/renew`, body, ANSWER_WITHIN_MS);
      if (isSuccess(answer, [200, 404])) this.#rules.renewed(record, acknowledged(answer, record.ttlMs));
      else if (answer.status === 404) this.#rules.refused(record, answer.returnMs);
    } catch (error) {
      if (error instanceof NoAnswer) this.#rules.renewalLost(record);
      throw error;
    }
  }

  #recordExpiry({ body }: Answer): void {
    const distanceMs = Math.abs(Date.parse(String(body['expires_at'])) - Date.now());
    this.largestExpiryErrorMs = Math.max(this.largestExpiryErrorMs, distanceMs);
  }
}

/** A server that is killed or stopped leaves calls unanswered. */
async function pauseIfUnanswered(error: unknown): Promise<void> {
  if (!(error instanceof NoAnswer)) throw error;
  await pause(UNANSWERED_PAUSE_MS);
}

/** Whether the answer is 200. A 503 is allowed, since the server may be stopping. Throws on anything unexpected. */
function isSuccess({ status, text }: Answer, expected: readonly number[]): boolean {
  if (!expected.includes(status) && status !== 503) throw new Error(`unexpected answer: ${status} ${text}`);
  return status === 200;
}

function acknowledged({ callMs, returnMs }: Answer, ttlMs: number) {
  return { sentMs: callMs, answeredMs: returnMs, ttlMs };
}
