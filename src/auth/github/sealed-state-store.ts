import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import { z } from 'zod';
import type { Clock } from '../../clock/clock.js';
import type { SecretBox } from '../../secrets/secret-box.js';
import { SIGN_IN_SECONDS_MAX, type StateCookie } from './state-cookie.js';
import { UsedStates } from './used-states.js';

const PURPOSE = 'oauth-state';

/** The content of the cookie, which is encrypted. */
const SEALED = z.object({
  state: z.string(),
  /** The PKCE verifier. It proves to GitHub that the code is redeemed by the same client that asked for it. */
  verifier: z.string(),
  expiresAtMs: z.number(),
});

type Stored = (error: Error | null, state?: string) => void;
type Verified = (error: Error | null, verifier: string | false) => void;

/**
 * Stores OAuth states for Passport without server sessions. A state and its PKCE verifier are kept in a cookie that only this
 * server can create or read. It is valid for one sign-in, within ten minutes, in the browser that began it.
 *
 * passport-oauth2 counts the parameters of the two methods to decide what to pass, so do not remove one or give it a default.
 */
export class SealedStateStore {
  readonly #used = new UsedStates();

  constructor(
    private readonly clock: Clock,
    private readonly secretBox: SecretBox,
    private readonly cookie: StateCookie,
  ) {}

  store(request: Request, verifier: string, _state: unknown, _meta: unknown, done: Stored): void {
    const { res: response } = request;
    if (response === undefined) throw new Error('the request has no response');
    const state = randomBytes(32).toString('base64url');
    const expiresAtMs = this.clock.wallMs() + SIGN_IN_SECONDS_MAX * 1000;
    const sealed = this.secretBox.seal(PURPOSE, JSON.stringify({ state, verifier, expiresAtMs }));
    this.cookie.set(response, sealed);
    done(null, state);
  }

  verify(request: Request, state: unknown, _meta: unknown, done: Verified): void {
    done(null, this.#redeem(request, state) ?? false);
  }

  /**
   * Marks the state as used and returns its verifier. Null if the state is not this browser's, has expired, or has been used
   * before.
   */
  #redeem(request: Request, state: unknown): string | null {
    const sealed = this.cookie.read(request);
    const opened = sealed === null ? null : this.secretBox.open(PURPOSE, sealed);
    const content = opened === null ? undefined : SEALED.safeParse(JSON.parse(opened)).data;
    if (content === undefined || typeof state !== 'string') return null;
    const nowMs = this.clock.wallMs();
    if (content.expiresAtMs < nowMs || !isSame(content.state, state)) return null;
    return this.#used.use(content.state, content.expiresAtMs, nowMs) ? content.verifier : null;
  }
}

/** Compares in constant time, also if the lengths differ. */
function isSame(a: string, b: string): boolean {
  return timingSafeEqual(sha256(a), sha256(b));
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
