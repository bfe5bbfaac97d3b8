import { checkToken } from './checks.js';
import { AuthenticationError, TimeoutError, ValidationError } from './errors.js';

/** Gives a token. It must end at some time, by itself. */
export type TokenFunction = () => string | Promise<string>;

/** Limits the waits for a rotation and for the function that gives the token. */
export interface Patience {
  /** Ends the waits. They then throw its reason. */
  readonly signal?: AbortSignal | undefined;
  /** How long to wait for the function, in milliseconds. */
  readonly timeoutMs: number;
}

/** How to send a request. */
export interface BearerUse extends Patience {
  /** Whether the request needs no token. It is then sent with the one that is known, or with none. */
  readonly isPublic?: boolean;
}

/**
 * A client's token. It can be replaced while requests are under way. The old token stops working immediately, so some of
 * these requests may get a 401 although the client has a valid token by then.
 */
export class Bearer {
  #token: string | null;
  /** Gives the token, if it is not a fixed one. */
  readonly #ask: TokenFunction | null;
  /** Settles when the function that gives the token has answered. Null while it is not asked. */
  #asking: Promise<void> | null = null;
  /** Settles when no rotation is under way. Never rejects. */
  #rotated: Promise<void> = Promise.resolve();

  constructor(token: string | TokenFunction | null) {
    const isFunction = typeof token === 'function';
    this.#token = isFunction ? null : token;
    this.#ask = isFunction ? token : null;
  }

  /** Throws `AuthenticationError` if there is no token. */
  checkPresent(): void {
    if (this.#token !== null || this.#ask !== null) return;
    throw new AuthenticationError(
      'This call needs a token, and the client has none. Pass one to the client, or set OCTOSTORE_TOKEN.',
    );
  }

  /** Replaces the token with the one that `ask` returns. Rotations run one at a time. */
  async rotate(ask: (token: string | null) => Promise<string>): Promise<string> {
    if (this.#ask !== null) {
      throw new ValidationError(
        'This client cannot rotate its token, because a function gives it. Rotate the token where the function gets it.',
      );
    }
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
   * one. Otherwise asks the function that gives the token, once. A request that got a 401 has had no effect.
   */
  async send<T extends { readonly status: number }>(
    send: (token: string | null) => Promise<T>,
    { isPublic = false, ...patience }: BearerUse,
  ): Promise<T> {
    if (!isPublic && this.#token === null) await this.#replace(null, patience);
    for (let mayAsk = !isPublic; ;) {
      const token = this.#token;
      const answer = await send(token);
      if (answer.status !== 401) return answer;
      if (token === this.#token) await withPatience(this.#rotated, { ...patience, timeoutMs: Infinity });
      if (token === this.#token && mayAsk) {
        mayAsk = false;
        await this.#replace(token, patience);
      }
      if (token === this.#token) return answer;
    }
  }

  /**
   * Gets another token when the server has ended a stream because of its token, as after a 401. Returns whether there is another one.
   */
  async replaceEnded(ended: string | null, patience: Patience): Promise<boolean> {
    if (ended === this.#token) await withPatience(this.#rotated, { ...patience, timeoutMs: Infinity });
    if (ended === this.#token) await this.#replace(ended, patience);
    return ended !== this.#token;
  }

  /** Asks the function for another token, unless the refused one has been replaced meanwhile. It is asked once for all requests. */
  async #replace(refused: string | null, patience: Patience): Promise<void> {
    const ask = this.#ask;
    if (ask === null || this.#token !== refused) return;
    this.#asking ??= this.#adopt(ask).finally(() => {
      this.#asking = null;
    });
    await withPatience(this.#asking, patience);
  }

  async #adopt(ask: TokenFunction): Promise<void> {
    const token = await asked(ask);
    checkToken(token);
    this.#token = token;
  }
}

/** The error does not quote that of the function, which is its cause. */
async function asked(ask: TokenFunction): Promise<string> {
  try {
    return await ask();
  } catch (cause) {
    throw new AuthenticationError('The function that gives the token has failed.', { cause });
  }
}

async function withPatience(settled: Promise<void>, { signal, timeoutMs }: Patience): Promise<void> {
  signal?.throwIfAborted();
  const over = new AbortController();
  const abort = (): void => over.abort(signal?.reason);
  signal?.addEventListener('abort', abort, { once: true });
  const ended = new Promise<never>((_, reject) => {
    over.signal.addEventListener('abort', () => reject(over.signal.reason as Error));
  });
  const timer = Number.isFinite(timeoutMs)
    ? setTimeout(() => over.abort(lateBy(timeoutMs)), timeoutMs)
    : undefined;
  try {
    await Promise.race([settled, ended]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}

function lateBy(timeoutMs: number): TimeoutError {
  return new TimeoutError(
    `the function that gives the token has not answered within ${Math.round(timeoutMs)} ms`,
  );
}
