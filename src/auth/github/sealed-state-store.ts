import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import { z } from 'zod';
import type { Clock } from '../../clock/clock.js';
import type { SecretBox } from '../../secrets/secret-box.js';
import { SIGN_IN_SECONDS_MAX, type StateCookie } from './state-cookie.js';
import { UsedStates } from './used-states.js';

const PURPOSE = 'oauth-state';

/** What the cookie holds, sealed. */
const SEALED = z.object({
  state: z.string(),
  /** The PKCE verifier, which proves to GitHub that who redeems the code is who asked for it. */
  verifier: z.string(),
  expiresAtMs: z.number(),
});

type Stored = (error: Error | null, state?: string) => void;
type Verified = (error: Error | null, verifier: string | false) => void;

/**
 * Passport's store of OAuth states, without server sessions: a state and its PKCE verifier are in a cookie that only this
 * server can make or read, good for one sign-in within ten minutes in the browser that began it.
 *
 * passport-oauth2 counts the parameters of the two methods to find out what to pass, so none may go or get a default.
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

  /** Uses the state up and returns its verifier; null unless it is this browser's, in time and not used before. */
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

/** Compares in constant time, whatever the lengths. */
function isSame(a: string, b: string): boolean {
  return timingSafeEqual(sha256(a), sha256(b));
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
