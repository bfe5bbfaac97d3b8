import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { makerOf, type Caller } from '../auth/caller.js';
import type { SessionId } from '../core/model/ids.js';
import { SESSION_TTL_SECONDS } from '../core/model/limits.js';
import { isAlive, type Session } from '../core/model/session.js';
import { OctoStoreError } from '../errors/octostore-error.js';
import { LockStore } from '../store/lock-store.js';
import type {
  CreateSessionRequest,
  CreatedSession,
  KeepAliveResponse,
  SessionStatusResponse,
} from './dto/session.dto.js';

/** Sessions need no permission: a session alone holds nothing and shows nothing. */
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

  async keepAlive(sessionId: SessionId, { userId }: Caller): Promise<KeepAliveResponse> {
    const command = { kind: 'keep_session_alive', sessionId, userId } as const;
    const outcome = await this.store.execute(command);
    if (outcome.kind !== 'session_kept_alive') throw new OctoStoreError(outcome.kind);
    return this.#present(outcome.session);
  }

  async status(sessionId: SessionId, { userId }: Caller): Promise<SessionStatusResponse> {
    return this.store.read((state, now) => {
      const session = state.session(sessionId);
      if (session === null || session.userId !== userId) throw new OctoStoreError('session_not_found');
      if (!isAlive(session, now)) throw new OctoStoreError('session_expired');
      const lock_count = state.liveLeaseCountOfSession(sessionId, now);
      return { ...this.#present(session), user_id: session.userId, lock_count, active: true };
    });
  }

  async close(sessionId: SessionId, { userId }: Caller): Promise<void> {
    const outcome = await this.store.execute({ kind: 'close_session', sessionId, userId });
    if (outcome.kind !== 'session_closed') throw new OctoStoreError(outcome.kind);
  }

  #present({ sessionId, deadline }: Session): KeepAliveResponse {
    return { session_id: sessionId, expires_at: new Date(this.store.toWallMs(deadline)).toISOString() };
  }
}
