import { randomUUID } from 'node:crypto';
import { EXCLUSIVE } from '../../../src/core/model/demand.js';
import type { LeaseId } from '../../../src/core/model/ids.js';
import type { LockName } from '../../../src/core/model/lock-name.js';
import { Connection, NoAnswer, type Address, type Answer } from '../../kit/http/connection.js';
import { TOKEN } from '../../kit/server/built-server.js';
import type { RequestRecorder } from './clients.js';
import type { FoundLease } from './lock-promise.js';
import type { Random } from '../../kit/random.js';

const LOCKS = 6;
const ANSWER_TIMEOUT_MS = 15_000;

/** How a client's work ended: it got an error, or its connection was cut. */
export type Ending = 'refused' | 'cut';

/** The lease of a lock, as the server shows it to the holder. Null if the lock is free. */
export async function leaseOf(connection: Connection, lockName: LockName): Promise<FoundLease | null> {
  const { status, body } = await connection.get(`/locks/${lockName}`);
  if (status !== 200) throw new Error(`unexpected answer to GET /locks/${lockName}: ${status}`);
  if (body['status'] === 'available') return null;
  return { leaseId: String(body['lease_id']) as LeaseId, hold: EXCLUSIVE, ...numbersOf(body) };
}

function numbersOf(body: Answer['body']): { fencingToken: number; deadline: number } {
  return { fencingToken: Number(body['fencing_token']), deadline: Date.parse(String(body['expires_at'])) };
}

/** Acquires, renews and releases locks of its own over HTTP, one request after the other. */
export class HttpClient {
  readonly #connection: Connection;
  readonly #recorder: RequestRecorder;
  readonly #random: Random;
  readonly #number: number;
  readonly #held = new Map<LockName, { readonly leaseId: LeaseId; readonly fencingToken: number }>();
  #ttlSeconds = 1800;

  constructor(address: Address, recorder: RequestRecorder, random: Random, number: number) {
    this.#connection = new Connection(() => address, TOKEN);
    this.#recorder = recorder;
    this.#random = random;
    this.#number = number;
  }

  /** Works until the server fails. Throws on any answer other than a success or `store_unavailable`. */
  async work(): Promise<Ending> {
    for (;;) {
      const ending = await this.#oneRequest();
      if (ending !== null) return ending;
    }
  }

  #oneRequest(): Promise<Ending | null> {
    const lockName = `client-${this.#number}/lock-${this.#random.below(LOCKS)}` as LockName;
    const held = this.#held.get(lockName);
    if (held === undefined) return this.#send(lockName, 'acquire', randomUUID() as LeaseId, 0);
    const kind = this.#random.chance(0.5) ? 'renew' : 'release';
    return this.#send(lockName, kind, held.leaseId, held.fencingToken);
  }

  async #send(
    lockName: LockName,
    kind: 'acquire' | 'renew' | 'release',
    leaseId: LeaseId,
    fencingToken: number,
  ): Promise<Ending | null> {
    const answered = this.#recorder.record(
      kind === 'acquire' ? { kind, lockName, leaseId } : { kind, lockName, fencingToken },
    );
    // Always longer, so that every renewal differs from the one before.
    this.#ttlSeconds = Math.min(3600, this.#ttlSeconds + 1);
    const ttl = kind === 'release' ? {} : { ttl_seconds: this.#ttlSeconds };
    const body = { lease_id: leaseId, ...ttl };
    const reply = await this.#connection
      .post(`/locks/${lockName}/${kind}`, body, ANSWER_TIMEOUT_MS)
      .catch(cutBy);
    if (reply === 'cut') return 'cut';
    if (reply.status === 503 && reply.body['code'] === 'store_unavailable') return 'refused';
    if (reply.status !== 200) throw new Error(`unexpected answer to ${kind}: ${JSON.stringify(reply)}`);
    if (kind === 'release') {
      this.#held.delete(lockName);
      answered({ kind: 'ended' });
    } else {
      const numbers = { ...numbersOf({ fencing_token: fencingToken, ...reply.body }) };
      this.#held.set(lockName, { leaseId, fencingToken: numbers.fencingToken });
      answered(kind === 'acquire' ? { kind: 'granted', ...numbers } : { kind: 'renewed', ...numbers });
    }
    return null;
  }
}

/** A connection may be cut, but no request may wait forever. */
function cutBy(error: unknown): 'cut' {
  if (error instanceof NoAnswer && error.reason !== 'timeout') return 'cut';
  throw error;
}
