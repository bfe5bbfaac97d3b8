import { resultOf } from './answers.js';
import type { Bearer } from './bearer.js';
import { NotFoundError } from './errors.js';
import { LEFT_OPEN, type OpenHandles } from './exit.js';
import { timeLeftMs, type Limits } from './limits.js';
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
  /** Whether it needs no token. */
  readonly isPublic?: boolean;
}

/** A request to the server, with as many attempts as it needs and as are safe. */
export interface Call<T> extends Attempt<T>, Limits {
  /** Whether it is harmless if the server does this twice. */
  readonly isSafe: boolean;
  /** For calls that remove something: the result if it is gone after an attempt with an unknown outcome. */
  readonly goneIs?: T;
  readonly outcome?: Outcome;
  /** Until when it goes on after failures, however many there are. An acquire that waits has this. */
  readonly patientUntilMs?: number;
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

export interface CallSettings {
  /** Timeout of one attempt. */
  readonly timeoutMs: number;
  /** Timeout of all attempts of a call together, not counting its wait. None by default. */
  readonly callTimeoutMs?: number | undefined;
  /** How long one request waits in line at most, unless the call says otherwise. */
  readonly waitSliceSeconds?: number;
  /** Learns of every handle. */
  readonly open?: OpenHandles;
}

/** Makes calls, and retries them where that is safe. */
export class Caller {
  readonly transport = new Transport();
  readonly timeoutMs: number;
  readonly waitSliceSeconds: number;
  readonly open: OpenHandles;
  readonly #callTimeoutMs: number;

  constructor(
    readonly servers: Servers,
    readonly bearer: Bearer,
    {
      timeoutMs,
      callTimeoutMs = Infinity,
      waitSliceSeconds = RULES.wait_slice_seconds_default,
      open = LEFT_OPEN,
    }: CallSettings,
  ) {
    this.timeoutMs = timeoutMs;
    this.#callTimeoutMs = callTimeoutMs;
    this.waitSliceSeconds = waitSliceSeconds;
    this.open = open;
  }

  /** Throws the error of the last attempt, or the reason of the request's signal. */
  async call<T>(given: Call<T>): Promise<Result<T>> {
    const { outcome = { isUnknown: false } } = given;
    const startedAtMs = nowMs();
    const untilMs = Math.max(startedAtMs, given.patientUntilMs ?? 0) + this.#callTimeoutMs;
    const call = { ...given, deadlineMs: Math.min(given.deadlineMs ?? Infinity, untilMs) };
    const route = this.limitedRoute(call.patientUntilMs);
    for (let attempts = 1; ; attempts += 1) {
      const sentAtMs = nowMs();
      const wasUnknown = outcome.isUnknown;
      // A call that is cancelled before it is sent has no outcome.
      call.signal?.throwIfAborted();
      try {
        return await this.attempt(call, route.url, timeLeftMs(call, sentAtMs));
      } catch (error) {
        if (wasUnknown && error instanceof NotFoundError && 'goneIs' in call && !isBroken(error)) {
          return { value: call.goneIs as T, sentAtMs: startedAtMs };
        }
        const { signal } = call;
        outcome.isUnknown = wasUnknown || signal?.aborted === true || leavesUnknown(error);
        const mayGoOn = mayRepeat(error, call.isSafe) && attempts < (call.attemptsMax ?? Infinity);
        const pauseMs = mayGoOn ? route.next(error, nowMs() - sentAtMs) : null;
        if (pauseMs === null || pauseMs >= timeLeftMs(call, nowMs())) throw error;
        await pause(pauseMs, signal);
      }
    }
  }

  /** One attempt. It is sent again only if the token was replaced, see `Bearer.send`. */
  async attempt<T>(
    { request, read, signal, token, isPublic = false }: Attempt<T>,
    server: string,
    withinMs = Infinity,
  ): Promise<Result<T>> {
    if (!isPublic) this.bearer.checkPresent();
    const sendAs = (bearer: string | null): Promise<HttpAnswer> => {
      const { timeoutMs = this.timeoutMs, ...rest } = request();
      const own = { timeoutMs: Math.min(timeoutMs, withinMs), server, token: bearer, signal };
      return this.transport.exchange({ ...rest, ...own });
    };
    const ownTimeoutMs = request().timeoutMs ?? this.timeoutMs;
    const use = { isPublic, signal, timeoutMs: Math.min(ownTimeoutMs, this.timeoutMs, withinMs) };
    try {
      const answer = await (token === undefined ? this.bearer.send(sendAs, use) : sendAs(token));
      const value = resultOf(answer, read);
      this.servers.keep(server);
      return { value, sentAtMs: answer.sentAtMs };
    } catch (error) {
      if (isFaultOfServer(error)) this.servers.leave(server);
      throw error;
    }
  }

  /** The route of a call, which ends after some rounds, but not before `patientUntilMs`. */
  limitedRoute(patientUntilMs?: number): Route {
    return new Route(this.servers, 1 + RULES.repeats_max, patientUntilMs);
  }
}
