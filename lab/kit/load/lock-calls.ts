import type { CoolingTerms } from '../../../src/core/model/cooling.js';
import { nowMs } from '../../../src/process/time.js';
import { isShed, NoAnswer, type Answer, type Connection } from '../http/connection.js';
import type { DemandRequest, End, KnownSlots, LockOutcome, LockRequest } from '../history/operation.js';
import { SessionFacts } from '../history/session-facts.js';
import { userOf, type LeaseName, type SharedState } from './shared-state.js';

/** Refusals of an acquire that say nothing about the lock. */
const REFUSALS = new Set([
  'lock_limit_exceeded',
  'lease_broken',
  'lock_queued',
  'no_leader',
  'overloaded',
  'shutting_down',
  'too_many_waiters',
  'storage_low',
]);

/** How much the wall clocks of the server and of this process may differ. */
const WALL_CLOCK_TOLERANCE_MS = 900;

export interface AcquireOptions {
  readonly ttlSeconds: number;
  readonly waitSeconds?: number;
  readonly session?: SessionFacts | null;
  /** How to hold the lock. Exclusively by default. */
  readonly demand?: DemandRequest;
  /** How the lock cools after an exclusive lease. Not at all by default. */
  readonly cooling?: CoolingTerms;
  /** After this time, the client gives up and cuts the connection. */
  readonly timeoutMs?: number;
}

/** The calls of one client. Each is recorded in the history with its answer. They throw `NoAnswer` if there is none. */
export class LockCalls {
  /**
   * @param noteEnd is called with the milliseconds that each lease and session has left by this machine's wall clock. Pass it
   *   if only these calls go to a server with another wall clock: then the ends in its answers are not checked.
   */
  constructor(
    private readonly connection: Connection,
    private readonly user: string,
    private readonly shared: SharedState,
    private readonly noteEnd: ((leftMs: number) => void) | null = null,
  ) {}

  async acquire(lease: LeaseName, options: AcquireOptions): Promise<LockOutcome | null> {
    const { ttlSeconds, waitSeconds = 0, session = null, demand = {}, cooling, timeoutMs } = options;
    const { tag, leaseId } = lease;
    const request: LockRequest = {
      kind: 'acquire',
      tag,
      ttlMs: ttlSeconds * 1000,
      mayWait: waitSeconds > 0,
      session,
      ...(cooling === undefined ? {} : { cooling }),
      ...demand,
    };
    const body = {
      ...demand,
      ...coolingFields(cooling),
      lease_id: leaseId,
      ttl_seconds: ttlSeconds,
      metadata: tag,
      ...(waitSeconds > 0 ? { wait_seconds: waitSeconds } : {}),
      ...(session === null ? {} : { session_id: session.id }),
    };
    const call = (): Promise<Answer> => this.connection.post(pathOf(lease.lock, 'acquire'), body, timeoutMs);
    const answer = await this.#recorded(lease.lock, request, call);
    const outcome = this.#acquireAnswer(lease, request, answer);
    if (outcome === null && session !== null && isOver(answer)) this.#sessionGone(session, answer);
    if (outcome === null) return null;
    if (outcome.kind === 'granted') this.#expectEnd(answer, ttlSeconds);
    this.#answered(lease.lock, request, outcome, answer);
    return outcome;
  }

  /** Returns whether the lease was renewed. */
  async renew(lease: LeaseName, ttlSeconds: number): Promise<boolean> {
    const request: LockRequest = { kind: 'renew', tag: lease.tag, ttlMs: ttlSeconds * 1000 };
    const body = { lease_id: lease.leaseId, ttl_seconds: ttlSeconds };
    const answer = await this.#recorded(lease.lock, request, () =>
      this.connection.post(pathOf(lease.lock, 'renew'), body),
    );
    if (isGone(answer)) this.#answered(lease.lock, request, { kind: 'gone' }, answer);
    else if (answer.status === 200) {
      this.#expectEnd(answer, ttlSeconds);
      this.#answered(lease.lock, request, { kind: 'renewed', token: tokenIn(answer) }, answer);
    } else this.#undecided(lease.lock, request, answer);
    return answer.status === 200;
  }

  async release(lease: LeaseName): Promise<void> {
    const request: LockRequest = { kind: 'release', tag: lease.tag };
    const body = { lease_id: lease.leaseId };
    const answer = await this.#recorded(lease.lock, request, () =>
      this.connection.post(pathOf(lease.lock, 'release'), body),
    );
    if (answer.status === 200) this.#answered(lease.lock, request, { kind: 'released' }, answer);
    else if (isGone(answer)) this.#answered(lease.lock, request, { kind: 'gone' }, answer);
    else this.#undecided(lease.lock, request, answer);
  }

  /** Returns whether the lease is held in this mode. Null if it is held as before. */
  async convert(lease: LeaseName, mode: 'exclusive' | 'shared'): Promise<boolean | null> {
    const request: LockRequest = { kind: 'convert', tag: lease.tag, mode };
    const body = { lease_id: lease.leaseId, mode };
    const answer = await this.#recorded(lease.lock, request, () =>
      this.connection.post(pathOf(lease.lock, 'convert'), body),
    );
    const outcome = convertAnswer(answer);
    if (outcome === null) this.#undecided(lease.lock, request, answer);
    this.#answered(lease.lock, request, outcome, answer);
    return outcome.kind === 'conflict' ? null : outcome.kind === 'converted';
  }

  /** Ends all leases of a lock. The client must have the admin key. */
  async break(lock: string): Promise<void> {
    const request: LockRequest = { kind: 'break' };
    const answer = await this.#recorded(lock, request, () =>
      this.connection.post(pathOf(lock, 'break'), { reason: 'a proof' }),
    );
    const tokens = answer.body['fencing_tokens'];
    if (answer.status === 404) this.#answered(lock, request, { kind: 'gone' }, answer);
    else if (answer.status === 200 && Array.isArray(tokens))
      this.#answered(lock, request, { kind: 'broken', tokens: tokens.map(Number) }, answer);
    else this.#undecided(lock, request, answer);
  }

  async status(lock: string): Promise<void> {
    const request: LockRequest = { kind: 'status' };
    const answer = await this.connection.get(`/locks/${encodeURIComponent(lock)}`);
    const { status, fencing_token, metadata, lease_id } = answer.body;
    if (answer.status !== 200) return this.#unexpected('status', answer);
    if (status === 'delayed') {
      const end = this.#endOf(answer.body['available_at']);
      const delayed = { kind: 'delayed', highestToken: Number(fencing_token), ...end } as const;
      return this.#answered(lock, request, delayed, answer);
    }
    if (status === 'available') {
      return this.#answered(lock, request, { kind: 'free', highestToken: Number(fencing_token) }, answer);
    }
    const tag = String(metadata);
    if (lease_id !== null && userOf(tag) !== this.user)
      this.shared.violation(`${this.user} was shown the lease id of ${tag}`);
    const outcome = {
      kind: 'held',
      tag,
      token: Number(fencing_token),
      isOwn: false,
      ...slotsIn(answer),
      ...this.#end(answer),
    } as const;
    this.#answered(lock, request, outcome, answer);
  }

  /** Tries to use another user's lease, with its id. */
  async useForeignLease(lease: LeaseName, verb: 'renew' | 'release'): Promise<void> {
    const body = { lease_id: lease.leaseId, ...(verb === 'renew' ? { ttl_seconds: 30 } : {}) };
    const answer = await this.connection.post(pathOf(lease.lock, verb), body);
    this.shared.history.other(`${verb} of another's lease`);
    if (answer.status === 200) this.shared.violation(`${this.user} could ${verb} ${lease.tag}`);
    else if (answer.status !== 404) this.#unexpected(`${verb} of another's lease`, answer);
  }

  async openSession(ttlSeconds: number): Promise<SessionFacts | null> {
    const answer = await this.connection.post('/sessions', { ttl_seconds: ttlSeconds });
    this.shared.history.other('session opened');
    if (answer.status !== 201) this.#unexpected('open session', answer);
    else return new SessionFacts(String(answer.body['session_id']), ttlSeconds * 1000, answer.callMs);
    return null;
  }

  /** Returns whether the session is still alive. */
  async keepAlive(session: SessionFacts): Promise<boolean> {
    const answer = await this.connection.call('POST', `/sessions/${session.id}/keepalive`);
    this.shared.history.other('session kept alive');
    if (answer.status === 200) {
      session.keptAlive(answer.callMs);
      this.#expectEnd(answer, session.ttlMs / 1000);
    } else if (answer.status === 404 || answer.status === 410) this.#sessionGone(session, answer);
    else this.#unexpected('keepalive', answer);
    return answer.status === 200;
  }

  async endSession(session: SessionFacts): Promise<void> {
    let answer: Answer;
    try {
      answer = await this.connection.delete(`/sessions/${session.id}`);
    } catch (error) {
      if (error instanceof NoAnswer) session.endRequested(error.callMs);
      throw error;
    }
    this.shared.history.other('session ended');
    if (answer.status === 204) {
      session.endRequested(answer.callMs);
      session.ended(answer.returnMs);
    } else if (answer.status === 404 || answer.status === 410) this.#sessionGone(session, answer);
    else {
      // Such as `outcome_unknown`: it may have been done, or may be done later.
      if (answer.body['code'] !== 'no_leader') session.endRequested(answer.callMs);
      this.#unexpected('end session', answer);
    }
  }

  #sessionGone(session: SessionFacts, { returnMs }: Answer): void {
    session.ended(returnMs);
    this.shared.history.sessionGone(session);
  }

  /** Null if the answer says nothing about the lock. */
  #acquireAnswer(lease: LeaseName, request: LockRequest, answer: Answer): LockOutcome | null {
    const { status, body, text } = answer;
    if (status === 200) {
      const token = tokenIn(answer);
      const tag = String(body['metadata']);
      if (body['lease_id'] !== lease.leaseId)
        this.shared.violation(`${lease.tag} got another lease id than it asked for`);
      return body['status'] === 'acquired'
        ? { kind: 'granted', token, ...slotsIn(answer) }
        : { kind: 'held', tag, token, isOwn: true, ...slotsIn(answer), ...this.#end(answer) };
    }
    const tag = body['metadata'];
    if (status === 409 && typeof tag === 'string') {
      if (text.includes('lease_id')) this.shared.violation(`a conflict reveals a lease id: ${text}`);
      return { kind: 'conflict', tag };
    }
    if (body['code'] === 'lock_delayed') return { kind: 'delayed', ...this.#end(answer) };
    if (!isOver(answer) && !REFUSALS.has(String(body['code']))) this.#undecided(lease.lock, request, answer);
    this.shared.history.other(`acquire: ${String(body['code'])}`);
    return null;
  }

  async #recorded(lock: string, request: LockRequest, call: () => Promise<Answer>): Promise<Answer> {
    try {
      return await call();
    } catch (error) {
      if (error instanceof NoAnswer && error.wasSent) this.shared.history.lost(lock, request, error.callMs);
      throw error;
    }
  }

  #answered(lock: string, request: LockRequest, outcome: LockOutcome, { callMs, returnMs }: Answer): void {
    this.shared.history.answer(lock, request, outcome, callMs, returnMs);
  }

  /** Treats an answer that does not say what was done as no answer. */
  #undecided(lock: string, request: LockRequest, answer: Answer): never {
    if (answer.body['code'] === 'no_leader') this.#notDone(request, answer);
    this.shared.history.lost(lock, request, answer.callMs);
    this.#unexpected(request.kind, answer);
    throw new NoAnswer(answer.callMs, 'undecided', answer.text);
  }

  #notDone({ kind }: LockRequest, { callMs, text }: Answer): never {
    this.shared.history.other(`${kind}: no_leader`);
    throw new NoAnswer(callMs, 'unreachable', text);
  }

  #unexpected(call: string, answer: Answer): void {
    if (isShed(answer)) return;
    this.shared.unexpected.push(`unexpected answer to ${call}: ${answer.status} ${answer.text}`);
  }

  /** Checks that `expires_at` is one TTL after the grant or renewal. */
  #expectEnd(answer: Answer, ttlSeconds: number): void {
    const { callMs, returnMs } = answer;
    const { end } = this.#end(answer);
    if (end === undefined) return;
    const { fromMs, byMs } = end;
    const ttlMs = ttlSeconds * 1000;
    if (byMs >= callMs + ttlMs && fromMs <= returnMs + ttlMs) return;
    this.shared.violation(
      `a lease or session of ${ttlSeconds} s requested at ${callMs} ends between ${fromMs} and ${byMs}`,
    );
  }

  /** When the lease or session of an answer that has just arrived ends. */
  #end({ body }: Answer): { readonly end?: End } {
    return this.#endOf(body['expires_at']);
  }

  #endOf(time: unknown): { readonly end?: End } {
    // This process may be paused between its readings of the two clocks.
    const beforeMs = nowMs();
    const leftMs = Date.parse(String(time)) - Date.now();
    const fromMs = beforeMs + leftMs - WALL_CLOCK_TOLERANCE_MS;
    const byMs = nowMs() + leftMs + WALL_CLOCK_TOLERANCE_MS;
    this.noteEnd?.(leftMs);
    return this.noteEnd === null && this.shared.isSameWallClock ? { end: { fromMs, byMs } } : {};
  }
}

/** Whether the answer says that the session has ended. */
function isOver({ body }: Answer): boolean {
  return body['code'] === 'session_not_found' || body['code'] === 'session_expired';
}

/** Whether the answer says that the lease has ended, or was ended by someone else. */
function isGone({ status, body }: Answer): boolean {
  return status === 404 || (status === 410 && body['code'] === 'lease_broken');
}

/** Null if the answer does not say what was done. */
function convertAnswer(answer: Answer): LockOutcome | null {
  const { status, body } = answer;
  if (status === 200) return { kind: 'converted', token: tokenIn(answer) };
  if (isGone(answer)) return { kind: 'gone' };
  const tag = body['metadata'];
  return status === 409 && typeof tag === 'string' ? { kind: 'conflict', tag } : null;
}

function pathOf(lock: string, verb: string): string {
  return `/locks/${lock}/${verb}`;
}

function coolingFields(terms: CoolingTerms | undefined): object {
  if (terms === undefined) return {};
  return { lock_delay_seconds: terms.lockDelaySeconds, min_hold_seconds: terms.minHoldSeconds };
}

function slotsIn({ body: { slots } }: Answer): KnownSlots {
  return Array.isArray(slots) ? { slots: slots.map(Number) } : {};
}

function tokenIn({ body }: Answer): number {
  return Number(body['fencing_token']);
}
