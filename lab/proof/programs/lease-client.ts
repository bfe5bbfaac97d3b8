import { randomUUID } from 'node:crypto';
import { nowMs, pause } from '../../../src/process/time.js';
import { isShed, NoAnswer, type Answer, type Connection } from '../../kit/http/connection.js';
import type { Guarded } from './guarded.js';
import { heldAs, type Lease, type RepliedLock, type WantedLock } from './lease.js';

/** Short, so that the locks of a killed client are soon available again. */
export const TTL_SECONDS = 3;
const TTL_MS = TTL_SECONDS * 1000;

/** Less than the TTL, so that a client can renew another lease between two attempts. */
const WAIT_SECONDS = 1;

/** How long a client waits before it repeats a call that was not answered or refused for now. */
const RETRY_MS = 20;

/** Refusals of an acquire that say: not yet. */
const NOT_YET = new Set(['lock_held', 'lock_queued', 'lock_delayed', 'limit_mismatch']);

/** The calls of one actor. It repeats each call until the server has answered it. */
export class LeaseClient {
  constructor(
    private readonly connection: Connection,
    private readonly guarded: Guarded,
  ) {}

  /**
   * Waits until it has a lease of these locks.
   *
   * @param mayGoOn is asked after each attempt. If it says no, the client gives up its place and resolves with null.
   */
  async acquire(
    locks: readonly WantedLock[],
    mayGoOn: () => Promise<boolean> = () => Promise.resolve(true),
  ): Promise<Lease | null> {
    const id = randomUUID();
    for (;;) {
      const lease = await this.#attempt(id, locks);
      if (lease !== null) return lease;
      if (await mayGoOn()) continue;
      await this.release({ id, safeUntilMs: -Infinity });
      return null;
    }
  }

  /** Returns the renewed lease. Null if it has ended. */
  async renew<L extends Pick<Lease, 'id' | 'safeUntilMs'>>(
    lease: L,
    sawReply: SeeReply = ignore,
  ): Promise<L | null> {
    const answer = await this.#answered('POST', `/leases/${lease.id}/renew`, { ttl_seconds: TTL_SECONDS });
    if (answer.status === 200) {
      await sawReply(answer);
      return { ...lease, safeUntilMs: answer.callMs + TTL_MS };
    }
    await this.#expectEnded(lease, answer);
    return null;
  }

  /** Gives a lease back, or the place in line that its request has. */
  async release(lease: Pick<Lease, 'id' | 'safeUntilMs'>): Promise<void> {
    let isFirst = true;
    const answer = await this.#answered('DELETE', `/leases/${lease.id}`, undefined, () => (isFirst = false));
    if (answer.status !== 200 && isFirst) await this.#expectEnded(lease, answer);
  }

  /** Has the holders of a lock asked to release it. Returns the answer. */
  requestRelease(lock: string): Promise<Answer> {
    return this.#answered('POST', `/locks/${lock}/request-release`, { message: 'a proof' });
  }

  /** Shares a lock that the lease holds exclusively. Returns whether the lease still holds it. */
  async share(lease: Lease, lock: string): Promise<boolean> {
    const body = { lease_id: lease.id, mode: 'shared' };
    const answer = await this.#answered('POST', `/locks/${lock}/convert`, body);
    if (answer.status === 200) return true;
    await this.#expectEnded(lease, answer);
    return false;
  }

  async #attempt(id: string, locks: readonly WantedLock[]): Promise<Lease | null> {
    const answer = await this.#once('POST', ...acquireCall(id, locks));
    if (answer === null) return null;
    if (answer.status === 200) return this.#granted(id, locks, answer);
    if (!NOT_YET.has(String(answer.body['code']))) await this.#unexpected('an acquire', answer);
    return null;
  }

  async #granted(
    id: string,
    locks: readonly WantedLock[],
    { body, callMs, returnMs }: Answer,
  ): Promise<Lease | null> {
    const replied = (body['locks'] as readonly RepliedLock[] | undefined) ?? [body];
    const held = heldAs(locks, replied);
    if (held === null) {
      await this.guarded.violation(`asked for ${JSON.stringify(locks)} and got ${JSON.stringify(replied)}`);
      return null;
    }
    const isNew = body['status'] === 'acquired';
    const safeUntilMs = isNew ? callMs + TTL_MS : -Infinity;
    const lease = { id, token: Number(body['fencing_token']), locks: held, grantedMs: returnMs, safeUntilMs };
    // After a wait, most of the time that is certain is over.
    return safeUntilMs - nowMs() > TTL_MS / 2 ? lease : this.renew(lease);
  }

  /** A lease that no one has released lasts as long as it must. */
  async #expectEnded({ safeUntilMs }: Pick<Lease, 'safeUntilMs'>, answer: Answer): Promise<void> {
    if (answer.status !== 404) await this.#unexpected('a call about a lease', answer);
    const earlyMs = safeUntilMs - answer.returnMs;
    if (earlyMs > 0) await this.guarded.violation(`a lease was gone ${earlyMs.toFixed(1)} ms too early`);
  }

  async #answered(
    method: string,
    path: string,
    body?: object,
    unanswered: () => void = () => undefined,
  ): Promise<Answer> {
    for (;;) {
      const answer = await this.#once(method, path, body);
      if (answer !== null) return answer;
      unanswered();
    }
  }

  /** Null if there was no answer, or one that says: not now. */
  async #once(method: string, path: string, body?: object): Promise<Answer | null> {
    try {
      const answer = await this.connection.call(method, path, body === undefined ? '' : JSON.stringify(body));
      if (!isShed(answer)) return answer;
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
    }
    await pause(RETRY_MS);
    return null;
  }

  #unexpected(call: string, { status, text }: Answer): Promise<void> {
    return this.guarded.violation(`unexpected answer to ${call}: ${status} ${text}`);
  }
}

type SeeReply = (answer: Answer) => Promise<unknown>;

const ignore: SeeReply = () => Promise.resolve();

/** The path and the body. A single lock is asked for by its name. */
function acquireCall(id: string, locks: readonly WantedLock[]): [path: string, body: object] {
  const body = { lease_id: id, ttl_seconds: TTL_SECONDS, wait_seconds: WAIT_SECONDS };
  const [first, ...others] = locks;
  if (first === undefined || others.length > 0) return ['/leases', { ...body, locks }];
  const { name, ...demand } = first;
  return [`/locks/${name}/acquire`, { ...body, ...demand }];
}
