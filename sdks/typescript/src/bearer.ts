import { AuthenticationError } from './errors.js';

/**
 * A client's token. It can be replaced while requests are under way. The old token stops working immediately, so some of
 * these requests may get a 401 although the client has a valid token by then.
 */
export class Bearer {
  #token: string | null;
  /** Settles when no rotation is under way. Never rejects. */
  #rotated: Promise<void> = Promise.resolve();

  constructor(token: string | null) {
    this.#token = token;
  }

  /** Throws `AuthenticationError` if there is no token. */
  checkPresent(): void {
    if (this.#token !== null) return;
    throw new AuthenticationError(
      'This call needs a token, and the client has none. Pass one to the client, or set OCTOSTORE_TOKEN.',
    );
  }

  /** Replaces the token with the one that `ask` returns. Rotations run one at a time. */
  rotate(ask: (token: string | null) => Promise<string>): Promise<string> {
    const rotation = this.#rotated.then(async () => {
      this.#token = await ask(this.#token);
      return this.#token;
    });
    this.#rotated = rotation.then(
      () => undefined,
      () => undefined,
    );
    return rotation;
  }

  /**
   * Sends a request with the current token. On a 401, if the token has been replaced meanwhile, sends it again with the new
   * one. A request that got a 401 has had no effect.
   *
   * @param signal cancels the wait for a rotation that is under way; this then throws the signal's reason.
   */
  async send<T extends { readonly status: number }>(
    send: (token: string | null) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    for (;;) {
      const token = this.#token;
      const answer = await send(token);
      if (answer.status !== 401) return answer;
      if (token === this.#token) await orAborted(this.#rotated, signal);
      if (token === this.#token) return answer;
    }
  }
}

async function orAborted(settled: Promise<void>, signal?: AbortSignal): Promise<void> {
  if (signal === undefined) return settled;
  signal.throwIfAborted();
  let abort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
  });
  try {
    await Promise.race([settled, aborted]);
  } finally {
    if (abort !== undefined) signal.removeEventListener('abort', abort);
  }
}
