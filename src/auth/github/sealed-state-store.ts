import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import { z } from 'zod';
import { afterSeconds, isPast, type Instant } from '../../core/model/time.js';
import type { SecretBox } from '../../secrets/secret-box.js';
import type { LockStore } from '../../store/lock-store.js';
import { SIGN_IN_SECONDS_MAX, type StateCookie } from './state-cookie.js';
import type { UsedStates } from './used-states.js';

const PURPOSE = 'oauth-state';

/** The content of the cookie, which is encrypted. */
const SEALED = z.object({
  state: z.string(),
  /** The PKCE verifier. It proves to GitHub that the code is redeemed by the same client that asked for it. */
  verifier: z.string(),
  /** An instant of the timeline. */
  expiresAt: z.number(),
});

type Stored = (error: Error | null, state?: string) => void;
type Verified = (error: unknown, verifier?: string | false) => void;

/**
 * Stores OAuth states for Passport without server sessions. A state and its PKCE verifier are kept in a cookie that only
 * our own
 * servers can create or read. It is valid for one sign-in, within ten minutes, in the browser that began it.
 *
 * passport-oauth2 counts the parameters of the two methods to decide what to pass, so do not remove one or give it a default.
 */
export class SealedStateStore {
  constructor(
    private readonly timeline: Pick<LockStore, 'now'>,
    private readonly secretBox: SecretBox,
    private readonly cookie: StateCookie,
    private readonly used: UsedStates,
  ) {}

  store(request: Request, verifier: string, _state: unknown, _meta: unknown, done: Stored): void {
    const { res: response } = request;
    if (response === undefined) throw new Error('the request has no response');
    const state = randomBytes(32).toString('base64url');
    const expiresAt = afterSeconds(this.timeline.now(), SIGN_IN_SECONDS_MAX);
    const sealed = this.secretBox.seal(PURPOSE, JSON.stringify({ state, verifier, expiresAt }));
    this.cookie.set(response, sealed);
    done(null, state);
  }

  verify(request: Request, state: unknown, _meta: unknown, done: Verified): void {
    void this.#verify(request, state, done);
  }

  /** If `done` itself throws, it is also called with that error, because only it can answer the client. */
  async #verify(request: Request, state: unknown, done: Verified): Promise<void> {
    try {
      done(null, (await this.#redeem(request, state)) ?? false);
    } catch (error) {
      done(error);
    }
  }

  /**
   * Marks the state as used, and returns its verifier when that is durable. Null if the state is not this browser's, has expired,
   * or has been used before.
   */
  async #redeem(request: Request, state: unknown): Promise<string | null> {
    const sealed = this.cookie.read(request);
    const opened = sealed === null ? null : this.secretBox.open(PURPOSE, sealed);
    const content = opened === null ? undefined : SEALED.safeParse(JSON.parse(opened)).data;
    if (content === undefined || typeof state !== 'string' || !isSame(content.state, state)) return null;
    const expiresAt = content.expiresAt as Instant;
    if (isPast(expiresAt, this.timeline.now())) return null;
    return (await this.used.use(state, expiresAt)) ? content.verifier : null;
  }
}

/** Compares in constant time, also if the lengths differ. */
function isSame(a: string, b: string): boolean {
  return timingSafeEqual(sha256(a), sha256(b));
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
