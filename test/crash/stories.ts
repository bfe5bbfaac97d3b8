import type { Grant, Holding } from '../../lab/kit/history/observations.js';
import type { Answer } from '../../lab/kit/http/connection.js';

/** A session as its client knows it. Its lifetime never changes, so only its end matters. */
export class SessionStory {
  /** Until when it is certainly alive. */
  aliveUntilMs: number;
  isEnded = false;

  constructor(
    readonly sessionId: string,
    readonly ttlSeconds: number,
    callMs: number,
  ) {
    this.aliveUntilMs = callMs + ttlSeconds * 1000;
  }

  keptAlive(callMs: number): void {
    this.aliveUntilMs = callMs + this.ttlSeconds * 1000;
  }

  /** From here on it may have ended, whether an answer comes or not. */
  endAsked(callMs: number): void {
    this.aliveUntilMs = Math.min(this.aliveUntilMs, callMs);
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

  asked(callMs: number): void {
    if (this.#askedMs === 0) this.#askedMs = callMs;
  }

  /** @param isNew whether the answer says that this very call granted it. */
  granted({ callMs, returnMs }: Answer, token: number, isNew: boolean): void {
    const { lockName, leaseId } = this;
    const since = isNew ? callMs : this.#askedMs;
    this.fate = 'granted';
    this.token = token;
    this.#grant = { lockName, leaseId, token, callMs: since, returnMs };
    this.#grantedMs = returnMs;
    this.#heldUntilMs = since + this.ttlSeconds * 1000;
  }

  renewed({ callMs }: Answer, ttlSeconds: number): void {
    this.ttlSeconds = ttlSeconds;
    this.#heldUntilMs = callMs + ttlSeconds * 1000;
  }

  /** It may have been renewed or not, so it lasts only as long as both allow. */
  maybeRenewed(callMs: number, ttlSeconds: number): void {
    this.ttlSeconds = Math.min(this.ttlSeconds, ttlSeconds);
    this.#heldUntilMs = Math.min(this.#heldUntilMs, callMs + ttlSeconds * 1000);
  }

  releaseAsked(callMs: number): void {
    this.#heldUntilMs = Math.min(this.#heldUntilMs, callMs);
    this.mayHaveEnded = true;
  }

  ended(): void {
    this.fate = 'ended';
  }
}
