import './dispose.js';
import type { Attempt, Caller } from './calls.js';
import { checkSessionTtl } from './checks.js';
import { Ending } from './ending.js';
import { Fields } from './fields.js';
import { expectEnd } from './forgotten.js';
import { telling } from './handle-events.js';
import { Keeper, type Sending } from './keeper.js';
import type { Limits } from './limits.js';
import { readCreatedSession, readKeptSession, readSessionStatus } from './readers.js';
import { RULES } from './rules.js';
import { INSPECT, leftText } from './text-forms.js';
import type { CreatedSession, KeptSession, SessionStatus } from './types.js';

/** The routes of sessions. */
export class SessionApi {
  constructor(readonly caller: Caller) {}

  async create(ttlSeconds: number): Promise<{ readonly session: CreatedSession; readonly sentAtMs: number }> {
    checkSessionTtl(ttlSeconds);
    const { value, sentAtMs } = await this.caller.call({
      request: () => ({ method: 'POST', path: '/sessions', body: { ttl_seconds: ttlSeconds } }),
      read: (text) => readCreatedSession(Fields.parse(text)),
      isSafe: false,
    });
    return { session: value, sentAtMs };
  }

  async keepalive(sessionId: string): Promise<KeptSession> {
    return (await this.caller.call({ ...keepalive(sessionId), isSafe: true })).value;
  }

  /** One attempt at a keepalive. Resolves with the time it was sent. */
  async keepaliveOnce(sessionId: string, { server, timeoutMs, signal }: Sending): Promise<number> {
    return (await this.caller.attempt({ ...keepalive(sessionId, timeoutMs), signal }, server)).sentAtMs;
  }

  async status(sessionId: string): Promise<SessionStatus> {
    const { value } = await this.caller.call({
      request: () => ({ method: 'GET', path: sessionPath(sessionId) }),
      read: (text) => readSessionStatus(Fields.parse(text)),
      isSafe: true,
    });
    return value;
  }

  async end(sessionId: string, limits: Limits = {}): Promise<void> {
    await this.caller.call({
      ...limits,
      request: () => ({ method: 'DELETE', path: sessionPath(sessionId) }),
      read: readNothing,
      isSafe: true,
      goneIs: undefined,
    });
  }
}

/** A session that is kept alive in the background until it is ended or lost. All locks held in it end with it. */
export class SessionHandle implements AsyncDisposable {
  readonly sessionId: string;
  /** Keeps the session alive. The locks held in it need this. */
  readonly keeper: Keeper;
  readonly #ending: Ending;

  private constructor(api: SessionApi, sessionId: string, ttlSeconds: number, provedAtMs: number) {
    this.sessionId = sessionId;
    this.keeper = new Keeper({
      what: `the session ${sessionId}`,
      ttlMs: ttlSeconds * 1000,
      provedAtMs,
      timeoutMs: api.caller.timeoutMs,
      servers: api.caller.servers,
      renew: (sending) => api.keepaliveOnce(sessionId, sending),
      tell: telling(api.caller.observer, () => ({ locks: [], session: sessionId })),
    });
    this.#ending = new Ending(this.keeper, (limits) => api.end(sessionId, limits));
    api.caller.open.add(this.#ending, this.keeper);
    expectEnd(this, this.keeper);
  }

  /** Creates a session and keeps it alive. */
  static async open(
    api: SessionApi,
    ttlSeconds: number = RULES.session_ttl_seconds_default,
  ): Promise<SessionHandle> {
    const { session, sentAtMs } = await api.create(ttlSeconds);
    return new SessionHandle(api, session.sessionId, ttlSeconds, sentAtMs);
  }

  /** Aborted when the session is lost, before anyone else can get any of its locks. */
  get signal(): AbortSignal {
    return this.keeper.signal;
  }

  get isLost(): boolean {
    return this.keeper.isLost;
  }

  /** Milliseconds for which the session is certain to be alive. 0 once it is lost. */
  get remainingMs(): number {
    return this.keeper.remainingMs;
  }

  /** Calls the listener after each keepalive, when `remainingMs` has grown. Replaces any previous listener. */
  onRenewed(listener: () => void): void {
    this.keeper.onRenewed(listener);
  }

  /**
   * Ends the session and releases its locks, in no more time than what is left of it. Throws if the server cannot be reached, but
   * not if the session was already lost.
   */
  end(): Promise<void> {
    return this.#ending.end();
  }

  /** Ends the session. Never fails: if it cannot be ended, it expires on its own. */
  async close(): Promise<void> {
    await this.end().catch(() => undefined);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** For logs and debugging. */
  toString(): string {
    return `SessionHandle(${this.sessionId}, ${leftText({ keeper: this.keeper, ending: this.#ending })})`;
  }

  [INSPECT](): string {
    return this.toString();
  }
}

/** Reads a response without a body. Throws if there is one. */
export function readNothing(text: string): undefined {
  if (text !== '') throw new TypeError('an answer that should be empty');
  return undefined;
}

function keepalive(sessionId: string, timeoutMs?: number): Attempt<KeptSession> {
  const own = timeoutMs === undefined ? {} : { timeoutMs };
  return {
    request: () => ({ method: 'POST', path: `${sessionPath(sessionId)}/keepalive`, ...own }),
    read: (text) => readKeptSession(Fields.parse(text)),
  };
}

function sessionPath(sessionId: string): string {
  return `/sessions/${encodeURIComponent(sessionId)}`;
}
