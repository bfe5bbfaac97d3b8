import type { Request } from 'express';
import type { SealedStates } from '../sign-in/sealed-states.js';

type Stored = (error: Error | null, state?: string) => void;
type Verified = (error: unknown, verifier?: string | false) => void;

/**
 * Keeps OAuth states for Passport, with their PKCE verifiers. A verifier proves to GitHub that the code is redeemed by the same
 * client that asked for it.
 *
 * passport-oauth2 counts the parameters of the two methods to decide what to pass, so do not remove one or give it a default.
 */
export class SealedStateStore {
  constructor(private readonly states: SealedStates) {}

  store(request: Request, verifier: string, _state: unknown, _meta: unknown, done: Stored): void {
    const { res: response } = request;
    if (response === undefined) throw new Error('the request has no response');
    done(null, this.states.begin(response, verifier));
  }

  verify(request: Request, state: unknown, _meta: unknown, done: Verified): void {
    void this.#verify(request, state, done);
  }

  /** If `done` itself throws, it is also called with that error, because only it can answer the client. */
  async #verify(request: Request, state: unknown, done: Verified): Promise<void> {
    try {
      done(null, (await this.states.redeem(request, state)) ?? false);
    } catch (error) {
      done(error);
    }
  }
}
