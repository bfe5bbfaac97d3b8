import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { makerOf, type Caller } from '../auth/caller.js';
import type { SessionId } from '../core/model/ids.js';
import { SESSION_TTL_SECONDS } from '../core/model/limits.js';
import { isAlive, type Session } from '../core/model/session.js';
import { OctoStoreError } from '../errors/octostore-error.js';
import { LockStore } from '../store/lock-store.js';
import { pageInOrder } from '../http/answer/page-in-order.js';
import { decodeTextCursor } from '../http/input/text-cursor.js';
import {
  SESSIONS_PAGE,
  type CreateSessionRequest,
  type CreatedSession,
  type KeepAliveResponse,
  type ListSessionsQuery,
  type SessionList,
  type SessionStatusResponse,
} from './dto/session.dto.js';

/**
 * Sessions need no permission: a session alone holds nothing and shows nothing. A token with scopes has only the sessions that it has
 * opened itself, because ending or keeping a session ends or keeps all leases in it.
 */
@Injectable()
export class SessionsService {
  constructor(private readonly store: LockStore) {}

  async create({ ttl_seconds }: CreateSessionRequest, caller: Caller): Promise<CreatedSession> {
    const sessionId = randomUUID() as SessionId;
    const ttlSeconds = ttl_seconds ?? SESSION_TTL_SECONDS.default;
    const { userId } = caller;
    const command = {
      kind: 'open_session',
      sessionId,
      userId,
      ttlSeconds,
      madeWith: makerOf(caller),
    } as const;
    const outcome = await this.store.execute(command);
    if (outcome.kind === 'session_limit_exceeded') {
      throw new OctoStoreError(outcome.kind, { details: `The limit is ${outcome.limit} sessions.` });
    }
    if (outcome.kind === 'too_many_sessions') {
      const details = `The limit for all users together is ${outcome.limit} sessions.`;
      throw new OctoStoreError(outcome.kind, { details, retryAfterMs: 1000 });
    }
    return { ...this.#present(outcome.session), keepalive_interval_secs: Math.floor(ttlSeconds / 2) };
  }

  /** Throws `validation_failed` if the cursor is not valid. */
  async list({ limit, cursor }: ListSessionsQuery, { userId, scope, tokenId }: Caller): Promise<SessionList> {
    const max = limit ?? SESSIONS_PAGE.default;
    const after = cursor === undefined ? null : decodeTextCursor(cursor);
    return this.store.read((state, now) => {
      const seen = [...state.liveSessionsOf(userId, now)].filter(
        ({ madeWith }) => scope === null || madeWith === tokenId,
      );
      const { items, nextCursor } = pageInOrder(seen, ({ sessionId }) => sessionId, { after, max });
      const sessions = items.map((session) => ({
        ...this.#present(session),
        ttl_seconds: session.ttlSeconds,
        lock_count: state.liveLeaseCountOfSession(session.sessionId, now),
      }));
      return { sessions, next_cursor: nextCursor };
    });
  }

  async keepAlive(sessionId: SessionId, caller: Caller): Promise<KeepAliveResponse> {
    this.#assertHas(sessionId, caller);
    const { userId } = caller;
    const command = { kind: 'keep_session_alive', sessionId, userId } as const;
    const outcome = await this.store.execute(command);
    if (outcome.kind !== 'session_kept_alive') throw new OctoStoreError(outcome.kind);
    return this.#present(outcome.session);
  }

  async status(sessionId: SessionId, caller: Caller): Promise<SessionStatusResponse> {
    this.#assertHas(sessionId, caller);
    const { userId } = caller;
    return this.store.read((state, now) => {
      const session = state.session(sessionId);
      if (session === null || session.userId !== userId) throw new OctoStoreError('session_not_found');
      if (!isAlive(session, now)) throw new OctoStoreError('session_expired');
      const lock_count = state.liveLeaseCountOfSession(sessionId, now);
      return { ...this.#present(session), user_id: session.userId, lock_count, active: true };
    });
  }

  async close(sessionId: SessionId, caller: Caller): Promise<void> {
    this.#assertHas(sessionId, caller);
    const { userId } = caller;
    const outcome = await this.store.execute({ kind: 'close_session', sessionId, userId });
    if (outcome.kind !== 'session_closed') throw new OctoStoreError(outcome.kind);
  }

  /** Which token has opened a session never changes. Throws `session_not_found`. */
  #assertHas(sessionId: SessionId, caller: Caller): void {
    if (caller.scope === null) return;
    const session = this.store.peek((state) => state.session(sessionId));
    if (session?.madeWith !== caller.tokenId) throw new OctoStoreError('session_not_found');
  }

  #present({ sessionId, deadline }: Session): KeepAliveResponse {
    return { session_id: sessionId, expires_at: new Date(this.store.toWallMs(deadline)).toISOString() };
  }
}
