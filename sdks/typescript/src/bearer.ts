/**
 * The token of a client. It may be replaced while requests are under way; the old one ends at once, so some of them may be
 * refused with 401 although the client has a valid token by then.
 */
export class Bearer {
  #token: string | null;
  /** Settles when no rotation is under way. Never rejects. */
  #rotated: Promise<void> = Promise.resolve();

  constructor(token: string | null) {
    this.#token = token;
  }

  /** Replaces the token by what `ask` gets for it. One rotation comes after the other. */
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
   * Sends a request with the present token, and once more with the next one each time that it is refused with 401 although, or
   * because, the token was replaced meanwhile. A refused request has had no effect.
   *
   * @param signal gives up waiting for a rotation that is under way; then this throws its reason.
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
