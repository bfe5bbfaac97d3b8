import { checkToken, NOTHING_SEEN, parseFenceName, type FenceName } from '#server/core/model/fence.js';
import type { FencingToken, LeaseId, SessionId, UserId } from '#server/core/model/ids.js';
import { LAST_NUMBER, REASON_BYTES_MAX, SESSION_TTL_SECONDS } from '#server/core/model/limits.js';
import type { AcquireRequest, LeaseReference } from '#server/core/model/command.js';
import type { Acquired, AlreadyHeld, OutcomeOf, Renewed } from '#server/core/model/outcome.js';
import type { AdvanceFence } from '#server/core/model/command.js';
import { isAlive } from '#server/core/model/session.js';
import type { Body } from './body.js';
import { lockNameOf } from './body.js';
import type { Law } from './law.js';
import { Presenter, SHOWN_MAX } from './presenter.js';
import { invalid, Refusal } from './refusal.js';

/** A request whose sender is known. */
export interface Asked {
  readonly userId: UserId;
  readonly isAdmin: boolean;
  readonly body: Body;
  readonly query: URLSearchParams;
  readonly signal?: AbortSignal | null | undefined;
}

/** What a handler answers with: the body of a response with the status 200, or the whole response. */
export type Reply = object | Response;

/** Answers the requests of the API. Throws `Refusal`. */
export class Routes {
  readonly #law: Law;
  readonly #present: Presenter;

  constructor(law: Law) {
    this.#law = law;
    this.#present = new Presenter(law);
  }

  async acquire(name: string, { body, userId, signal }: Asked): Promise<Reply> {
    const lockName = lockNameOf(name);
    const request = body.leaseRequest([{ lockName, demand: body.demand() }], userId);
    const { kind, lease } = await this.#granted(request, body.waitSeconds, signal);
    return this.#present.lease(lockName, lease, kind === 'acquired' ? 'acquired' : 'held');
  }

  renew(name: string, { body, userId }: Asked): Reply {
    const lockName = lockNameOf(name);
    const leaseId = body.uuid('lease_id') as LeaseId;
    const renewed = this.#renewed({ lockName, leaseId, userId }, body.ttlSeconds);
    const request = this.#present.releaseRequest(renewed);
    return { ...this.#present.lease(lockName, renewed.lease, 'held'), ...request };
  }

  release(name: string, { body, userId }: Asked): Reply {
    const leaseId = body.uuid('lease_id') as LeaseId;
    this.#release({ lockName: lockNameOf(name), leaseId, userId });
    return { status: 'released', message: 'Lock released' };
  }

  convert(name: string, { body, userId }: Asked): Reply {
    const lockName = lockNameOf(name);
    const leaseId = body.uuid('lease_id') as LeaseId;
    const own = { lockName, leaseId, userId, mode: body.mode() };
    const outcome = this.#law.execute({ kind: 'convert', ...own });
    switch (outcome.kind) {
      case 'converted':
        return this.#present.lease(lockName, outcome.lease, 'held');
      case 'conflict':
        throw this.#present.conflict(outcome);
      case 'not_convertible':
        throw invalid('The lock is counted, and a counted lock has no other mode.');
      case 'numbers_exhausted':
        throw new Refusal(outcome.kind);
      default:
        throw this.#present.lost(outcome);
    }
  }

  requestRelease(name: string, { body, userId }: Asked): Reply {
    const lockName = lockNameOf(name);
    const message = body.optionalText('message', REASON_BYTES_MAX);
    const outcome = this.#law.execute({ kind: 'request_release', lockName, requestedBy: userId, message });
    if (outcome.kind !== 'release_requested') throw new Refusal(outcome.kind);
    return { status: 'release_requested', message: 'The holders learn of it when they next renew' };
  }

  break(name: string, { body, isAdmin }: Asked): Reply {
    if (!isAdmin) throw new Refusal('admin_required');
    const lockName = lockNameOf(name);
    const reason = body.text('reason', REASON_BYTES_MAX);
    const token = body.optionalInteger('fencing_token', { min: 1, max: LAST_NUMBER }) as FencingToken | null;
    const outcome = this.#law.execute({
      kind: 'break',
      lockName,
      brokenBy: null,
      reason,
      which: token === null ? 'through' : 'only',
      fencingToken: token ?? this.#law.state.lastFencingToken,
    });
    if (outcome.kind !== 'broken') throw new Refusal(outcome.kind);
    const fencing_tokens = outcome.leases.map(({ fencingToken }) => fencingToken);
    const ended_delay = outcome.endedCooling;
    return {
      status: 'broken',
      name: lockName,
      lease_count: fencing_tokens.length,
      fencing_tokens,
      ended_delay,
    };
  }

  status(name: string, { userId }: Asked): Reply {
    return this.#present.status(lockNameOf(name), userId);
  }

  list({ query, userId }: Asked): Reply {
    const { state, now } = this.#law;
    const prefix = query.get('prefix');
    const held =
      query.get('owner') === 'me'
        ? state.heldLocksOfUser(userId, prefix ?? '', null, now)
        : [...state.heldLocks(prefix ?? '', null, now)];
    const locks = held.map((holding) => this.#present.listed(holding, userId));
    return { locks, total: locks.length, prefix, next_cursor: null };
  }

  queue(name: string, { userId }: Asked): Reply {
    const lockName = lockNameOf(name);
    const { places, total } = this.#law.state.queue(lockName, SHOWN_MAX);
    const queue = places.map((place) => this.#present.place(place, userId));
    return { name: lockName, waiters: this.#law.state.queueLength(lockName), total, queue };
  }

  leaveQueue(name: string, id: string, { userId }: Asked): Reply {
    const leaseId = id.toLowerCase() as LeaseId;
    const outcome = this.#law.execute({ kind: 'give_up_place', lockName: lockNameOf(name), userId, leaseId });
    if (outcome.kind === 'not_queued') throw new Refusal('place_not_found');
    return { status: 'left', message: 'You left the line' };
  }

  async acquireAll({ body, userId, signal }: Asked): Promise<Reply> {
    const request = body.leaseRequest(body.wants(), userId);
    const { kind, lease } = await this.#granted(request, body.waitSeconds, signal);
    return this.#present.wholeLease(lease, kind === 'acquired' ? 'acquired' : 'held');
  }

  leaseStatus(id: string, { userId }: Asked): Reply {
    const leaseId = id.toLowerCase() as LeaseId;
    const { state, now } = this.#law;
    const [lease, ...others] = state.leasesWithId(userId, leaseId, now);
    if (others.length > 0) throw new Refusal('ambiguous_lease_id');
    if (lease !== undefined) return this.#present.wholeLease(lease, 'held');
    const broken = state.brokenLeasesWithId(userId, leaseId, now).at(-1);
    throw broken === undefined ? new Refusal('lock_not_found') : this.#present.broken(broken);
  }

  renewLease(id: string, { body, userId }: Asked): Reply {
    const own = { lockName: null, leaseId: id.toLowerCase() as LeaseId, userId };
    const renewed = this.#renewed(own, body.ttlSeconds);
    const request = this.#present.releaseRequest(renewed);
    return { ...this.#present.wholeLease(renewed.lease, 'held'), ...request };
  }

  releaseLease(id: string, { userId }: Asked): Reply {
    this.#release({ lockName: null, leaseId: id.toLowerCase() as LeaseId, userId });
    return { status: 'released', message: 'Lease released' };
  }

  openSession({ body, userId }: Asked): Reply {
    const ttlSeconds =
      body.optionalInteger('ttl_seconds', SESSION_TTL_SECONDS) ?? SESSION_TTL_SECONDS.default;
    const sessionId = crypto.randomUUID() as string as SessionId;
    const command = { kind: 'open_session', sessionId, userId, ttlSeconds, madeWith: null } as const;
    const outcome = this.#law.execute(command);
    if (outcome.kind !== 'session_opened') throw new Refusal(outcome.kind);
    const keepalive_interval_secs = Math.floor(ttlSeconds / 2);
    const session = { ...this.#present.session(outcome.session), keepalive_interval_secs };
    return Response.json(session, { status: 201 });
  }

  keepSessionAlive(id: string, { userId }: Asked): Reply {
    const outcome = this.#law.execute({ kind: 'keep_session_alive', sessionId: id as SessionId, userId });
    if (outcome.kind !== 'session_kept_alive') throw new Refusal(outcome.kind);
    return this.#present.session(outcome.session);
  }

  sessionStatus(id: string, { userId }: Asked): Reply {
    const { state, now } = this.#law;
    const sessionId = id as SessionId;
    const session = state.session(sessionId);
    if (session === null || session.userId !== userId) throw new Refusal('session_not_found');
    if (!isAlive(session, now)) throw new Refusal('session_expired');
    const lock_count = state.liveLeaseCountOfSession(sessionId, now);
    return { ...this.#present.session(session), user_id: userId, lock_count, active: true };
  }

  endSession(id: string, { userId }: Asked): Reply {
    const outcome = this.#law.execute({ kind: 'close_session', sessionId: id as SessionId, userId });
    if (outcome.kind !== 'session_closed') throw new Refusal(outcome.kind);
    return new Response(null, { status: 204 });
  }

  fence(text: string): Reply {
    const name = fenceNameOf(text);
    return { name, highest: this.#highest(name) };
  }

  checkFence(text: string, { body }: Asked): Reply {
    const name = fenceNameOf(text);
    const token = tokenOf(body);
    return fenceReply(name, checkToken(token, this.#highest(name), this.#law.state.lastFencingToken));
  }

  advanceFence(text: string, { body, userId }: Asked): Reply {
    const name = fenceNameOf(text);
    const fencingToken = tokenOf(body);
    return fenceReply(name, this.#law.execute({ kind: 'advance_fence', name, userId, fencingToken }));
  }

  #highest(name: FenceName): FencingToken {
    return this.#law.state.fence(name)?.highest ?? NOTHING_SEEN;
  }

  async #granted(
    request: AcquireRequest,
    waitSeconds: number,
    signal?: AbortSignal | null,
  ): Promise<Acquired | AlreadyHeld> {
    const answer = await this.#law.acquire(request, waitSeconds, signal);
    if (answer.kind === 'acquired' || answer.kind === 'already_held') return answer;
    throw this.#present.refused(answer);
  }

  #renewed(own: LeaseReference, ttlSeconds: number): Renewed {
    const outcome = this.#law.execute({ kind: 'renew', ...own, ttlSeconds });
    if (outcome.kind === 'renewed') return outcome;
    throw outcome.kind === 'numbers_exhausted' ? new Refusal(outcome.kind) : this.#present.lost(outcome);
  }

  #release(own: LeaseReference): void {
    const outcome = this.#law.execute({ kind: 'release', ...own });
    if (outcome.kind !== 'released') throw this.#present.lost(outcome);
  }
}

function fenceReply(name: FenceName, outcome: OutcomeOf<AdvanceFence>): Reply {
  switch (outcome.kind) {
    case 'token_passed':
      return { name, highest: outcome.highest };
    case 'stale_fencing_token':
      throw new Refusal(outcome.kind, { body: { highest: outcome.highest } });
    case 'token_not_issued':
      throw invalid(`fencing_token must be a token that was issued. The last one is ${outcome.lastIssued}.`);
    default:
      throw new Refusal(outcome.kind);
  }
}

function tokenOf(body: Body): FencingToken {
  return body.integer('fencing_token', { min: 1, max: LAST_NUMBER }) as FencingToken;
}

function fenceNameOf(text: string): FenceName {
  const parsed = parseFenceName(text);
  if (parsed.ok) return parsed.name;
  throw invalid(parsed.problem);
}
