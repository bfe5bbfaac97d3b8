import type { Grant, Holding } from '../support/history.js';
import type { Answer } from './connection.js';

/** A session as its client knows it. Its lifetime never changes, so only its end matters. */
export class SessionStory {
  /** Until when it is certainly alive. */
  aliveUntilMs: number;
  isEnded = false;

  constructor(
    readonly sessionId: string,
    readonly ttlSeconds: number,
    sentMs: number,
  ) {
    this.aliveUntilMs = sentMs + ttlSeconds * 1000;
  }

  keptAlive(sentMs: number): void {
    this.aliveUntilMs = sentMs + this.ttlSeconds * 1000;
  }

  /** From here on it may have ended, whether an answer comes or not. */
  endAsked(sentMs: number): void {
    this.aliveUntilMs = Math.min(this.aliveUntilMs, sentMs);
    this.isEnded = true;
  }
}

type Fate = 'asked' | 'refused' | 'granted' | 'ended';

/** A lease that a client asked for, as that client knows it: what must be true, whatever the server says. */
export class LeaseStory {
  fate: Fate = 'asked';
  token: number | null = null;
  /** The shortest TTL that it may have. */
  ttlSeconds: number;
  /** Whether its end was asked for without an answer. */
  mayHaveEnded = false;
  #askedMs = 0;
  #grantedMs = 0;
  #heldUntilMs = 0;
  #grant: Grant | null = null;

  constructor(
    readonly lockName: string,
    readonly leaseId: string,
    ttlSeconds: number,
    readonly session: SessionStory | null,
  ) {
    this.ttlSeconds = ttlSeconds;
  }

  get request(): object {
    return {
      lease_id: this.leaseId,
      ttl_seconds: this.ttlSeconds,
      ...(this.session === null ? {} : { session_id: this.session.sessionId }),
    };
  }

  /** Until when it is certainly held. */
  get heldUntilMs(): number {
    return Math.min(this.#heldUntilMs, this.session?.aliveUntilMs ?? Infinity);
  }

  get grant(): Grant | null {
    return this.#grant;
  }

  get holding(): Holding | null {
    if (this.#grant === null) return null;
    const { lockName, leaseId } = this;
    return { lockName, leaseId, fromMs: this.#grantedMs, untilMs: this.heldUntilMs };
  }

  asked(sentMs: number): void {
    if (this.#askedMs === 0) this.#askedMs = sentMs;
  }

  /** @param isNew whether the answer says that this very call granted it. */
  granted({ sentMs, returnedMs }: Answer, token: number, isNew: boolean): void {
    const { lockName, leaseId } = this;
    const since = isNew ? sentMs : this.#askedMs;
    this.fate = 'granted';
    this.token = token;
    this.#grant = { lockName, leaseId, token, sentMs: since, returnedMs };
    this.#grantedMs = returnedMs;
    this.#heldUntilMs = since + this.ttlSeconds * 1000;
  }

  renewed({ sentMs }: Answer, ttlSeconds: number): void {
    this.ttlSeconds = ttlSeconds;
    this.#heldUntilMs = sentMs + ttlSeconds * 1000;
  }

  /** It may have been renewed or not, so it lasts only as long as both allow. */
  maybeRenewed(sentMs: number, ttlSeconds: number): void {
    this.ttlSeconds = Math.min(this.ttlSeconds, ttlSeconds);
    this.#heldUntilMs = Math.min(this.#heldUntilMs, sentMs + ttlSeconds * 1000);
  }

  releaseAsked(sentMs: number): void {
    this.#heldUntilMs = Math.min(this.#heldUntilMs, sentMs);
    this.mayHaveEnded = true;
  }

  ended(): void {
    this.fate = 'ended';
  }
}
