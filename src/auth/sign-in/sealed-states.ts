import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { afterSeconds, isPast, type Instant } from '../../core/model/time.js';
import type { SecretBox } from '../../secrets/secret-box.js';
import type { LockStore } from '../../store/lock-store.js';
import { SIGN_IN_SECONDS_MAX, type StateCookie } from './state-cookie.js';
import type { UsedStates } from './used-states.js';

/** The content of the cookie, which is encrypted. */
const SEALED = z.object({
  state: z.string(),
  /** What only this server knows about the sign-in, such as its PKCE verifier. */
  secret: z.string(),
  /** An instant of the timeline. */
  expiresAt: z.number(),
});

interface Parts {
  readonly timeline: Pick<LockStore, 'now'>;
  readonly secretBox: SecretBox;
  readonly cookie: StateCookie;
  readonly used: UsedStates;
  /** Tells the ways to sign in apart, so that a sign-in that began in one way cannot be finished in another. */
  readonly purpose: string;
}

/**
 * The states of sign-ins that have begun, without server sessions. A state and its secret are kept in a cookie that only our own
 * servers can create or read. It is valid for one sign-in, within ten minutes, in the browser that began it.
 */
export class SealedStates {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Puts a secret into the browser's cookie. Returns the state to send to the provider. */
  begin(response: ServerResponse, secret: string): string {
    const { timeline, secretBox, cookie, purpose } = this.#parts;
    const state = randomBytes(32).toString('base64url');
    const expiresAt = afterSeconds(timeline.now(), SIGN_IN_SECONDS_MAX);
    cookie.set(response, secretBox.seal(purpose, JSON.stringify({ state, secret, expiresAt })));
    return state;
  }

  /**
   * Marks the state as used, and returns its secret when that is durable. Null if the state is not this browser's, has expired,
   * or has been used before.
   */
  async redeem(request: IncomingMessage, state: unknown): Promise<string | null> {
    const { timeline, secretBox, cookie, used, purpose } = this.#parts;
    const sealed = cookie.read(request);
    const opened = sealed === null ? null : secretBox.open(purpose, sealed);
    const content = opened === null ? undefined : SEALED.safeParse(JSON.parse(opened)).data;
    if (content === undefined || typeof state !== 'string' || !isSame(content.state, state)) return null;
    const expiresAt = content.expiresAt as Instant;
    if (isPast(expiresAt, timeline.now())) return null;
    return (await used.use(state, expiresAt)) ? content.secret : null;
  }
}

/** Compares in constant time, also if the lengths differ. */
function isSame(a: string, b: string): boolean {
  return timingSafeEqual(sha256(a), sha256(b));
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
