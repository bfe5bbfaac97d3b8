import { resultOf } from './answers.js';
import type { Bearer } from './bearer.js';
import { NotFoundError } from './errors.js';
import { isBroken, isFaultOfServer, leavesUnknown, mayRepeat } from './repeating.js';
import { Route } from './route.js';
import { RULES } from './rules.js';
import type { Servers } from './servers.js';
import { nowMs, pause } from './time.js';
import { Transport, type HttpAnswer, type HttpRequest } from './transport.js';

/** One attempt at something. */
export interface Attempt<T> {
  /** The request. Its timeout is the client's unless it sets one. */
  readonly request: () => Omit<HttpRequest, 'server' | 'timeoutMs' | 'signal' | 'token'> & {
    readonly timeoutMs?: number;
  };
  /** Reads the body of a successful response. Throws if it cannot. */
  readonly read: (text: string) => T;
  /** Cancels the attempt. */
  readonly signal?: AbortSignal | undefined;
  /** Sends this token, even if it is replaced meanwhile. By default, the client's current token. */
  readonly token?: string | null;
}

/** A request to the server, with as many attempts as it needs and as are safe. */
export interface Call<T> extends Attempt<T> {
  /** Whether it is harmless if the server does this twice. */
  readonly isSafe: boolean;
  /** For calls that remove something: the result if it is gone after an attempt with an unknown outcome. */
  readonly goneIs?: T;
  readonly outcome?: Outcome;
}

/** Whether an attempt may have taken effect without our knowing. */
export interface Outcome {
  isUnknown: boolean;
}

export interface Result<T> {
  readonly value: T;
  /** When the successful attempt was sent, on the monotonic clock. */
  readonly sentAtMs: number;
}

/** Makes calls, and retries them where that is safe. */
export class Caller {
  readonly transport = new Transport();

  constructor(
    readonly servers: Servers,
    readonly bearer: Bearer,
    readonly timeoutMs: number,
  ) {}

  /** Throws the error of the last attempt, or the reason of the request's signal. */
  async call<T>(call: Call<T>): Promise<Result<T>> {
    const { outcome = { isUnknown: false } } = call;
    const startedAtMs = nowMs();
    const route = this.limitedRoute();
    for (;;) {
      const wasUnknown = outcome.isUnknown;
      // A call that is cancelled before it is sent has no outcome.
      call.signal?.throwIfAborted();
      try {
        return await this.attempt(call, route.url);
      } catch (error) {
        if (wasUnknown && error instanceof NotFoundError && 'goneIs' in call && !isBroken(error)) {
          return { value: call.goneIs as T, sentAtMs: startedAtMs };
        }
        const { signal } = call;
        outcome.isUnknown = wasUnknown || signal?.aborted === true || leavesUnknown(error);
        const pauseMs = mayRepeat(error, call.isSafe) ? route.next(error) : null;
        if (pauseMs === null) throw error;
        await pause(pauseMs, signal);
      }
    }
  }

  /** One attempt. It is sent again only if the token was replaced, see `Bearer.send`. */
  async attempt<T>({ request, read, signal, token }: Attempt<T>, server: string): Promise<Result<T>> {
    const sendAs = (bearer: string | null): Promise<HttpAnswer> =>
      this.transport.exchange({ timeoutMs: this.timeoutMs, ...request(), server, token: bearer, signal });
    try {
      const answer = await (token === undefined ? this.bearer.send(sendAs, signal) : sendAs(token));
      const value = resultOf(answer, read);
      this.servers.keep(server);
      return { value, sentAtMs: answer.sentAtMs };
    } catch (error) {
      if (isFaultOfServer(error)) this.servers.leave(server);
      throw error;
    }
  }

  /** The route of a call, which ends after some rounds. */
  limitedRoute(): Route {
    return new Route(this.servers, 1 + RULES.repeats_max);
  }
}
