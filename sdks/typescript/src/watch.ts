import { errorOf } from './answers.js';
import type { Caller } from './calls.js';
import { checkName } from './checks.js';
import { NetworkError, ServerError } from './errors.js';
import { FrameReader, type Frame } from './event-stream.js';
import { Fields } from './fields.js';
import { lockPath } from './lease-routes.js';
import { readHeldLock } from './lock-readers.js';
import type { HeldLock } from './lock-types.js';
import { LOCK_EVENT_TYPES, readLockEvent } from './readers.js';
import { isFaultOfServer, isFinal, mayRepeat } from './repeating.js';
import { textOf } from './stream-text.js';
import { delayMs, pause } from './time.js';
import type { EventFilter, LockEvent, LockEventType } from './types.js';

type EventUpdate = {
  [Type in LockEventType]: { readonly type: Type; readonly data: LockEvent };
}[LockEventType];

/** Events were missed, because the event log no longer reaches back to where the stream broke. The current state follows. */
interface ResetUpdate {
  readonly type: 'reset';
  readonly data: { readonly message: string };
}

/** One update of a watch: the current state first, then each event. */
export type WatchUpdate<State> = { readonly type: 'state'; readonly data: State } | EventUpdate | ResetUpdate;

/** The locks that are held. They can arrive in several parts; the last one is `complete`. */
export interface PrefixState {
  readonly locks: readonly HeldLock[];
  readonly complete: boolean;
}

export interface WatchOptions {
  /** Which events you get. `*` by default. Servers of version 1.0 know only the default. */
  readonly events?: readonly EventFilter[] | undefined;
  /** Ends the watch and its iteration. */
  readonly signal?: AbortSignal | undefined;
  /** Called whenever the connection has failed, before the watch reconnects. */
  readonly onDisconnected?: ((error: unknown) => void) | undefined;
}

/** One lock, or all whose names begin with a text. */
type Watched = { readonly name: string } | { readonly prefix: string };

/** Reads the data of a `state` frame. */
type ReadState<T> = (fields: Fields) => T;

/**
 * The updates of one watch. After a disconnect, it resumes without a gap or a repeat. Use it from one consumer only; leaving
 * its `for await` loop ends the watch.
 */
export class Watch<State> implements AsyncIterableIterator<WatchUpdate<State>, undefined> {
  readonly #caller: Caller;
  readonly #path: string;
  readonly #readState: ReadState<State>;
  readonly #closed = new AbortController();
  readonly #updates: AsyncGenerator<WatchUpdate<State>, undefined>;
  #lastEventId: string | undefined;
  /** The token of the present connection. */
  #token: string | null = null;
  readonly #onDisconnected: ((error: unknown) => void) | undefined;

  constructor(caller: Caller, path: string, readState: ReadState<State>, options: WatchOptions = {}) {
    const { signal, onDisconnected } = options;
    this.#onDisconnected = onDisconnected;
    this.#caller = caller;
    this.#path = path;
    this.#readState = readState;
    this.#updates = this.#run();
    const close = (): void => this.close();
    signal?.addEventListener('abort', close, { once: true });
    this.#closed.signal.addEventListener('abort', () => signal?.removeEventListener('abort', close));
    if (signal?.aborted === true) close();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Throws if the server refuses the watch, for example because the token is no longer valid. */
  next(): Promise<IteratorResult<WatchUpdate<State>, undefined>> {
    return this.#updates.next();
  }

  async return(): Promise<IteratorResult<WatchUpdate<State>, undefined>> {
    this.close();
    return this.#updates.return(undefined);
  }

  /** Ends the watch. An iteration that is waiting ends too. */
  close(): void {
    this.#closed.abort();
  }

  async *#run(): AsyncGenerator<WatchUpdate<State>, undefined> {
    const { signal } = this.#closed;
    const { servers } = this.#caller;
    const route = this.#caller.limitedRoute();
    let hasBegun = false;
    while (!signal.aborted) {
      let updates = 0;
      try {
        for await (const update of this.#stream(route.url)) {
          if (updates === 0) route.restart();
          updates += 1;
          hasBegun = true;
          yield update;
        }
        // The token has been replaced. A server that ends every stream at once must not be asked all the time.
        if (updates === 0) await pause(delayMs(1), signal).catch(() => undefined);
      } catch (error) {
        if (signal.aborted) return undefined;
        if (isFaultOfServer(error)) servers.leave(route.url);
        const isOver = hasBegun ? isFinal(error) : !mayRepeat(error, true);
        const pauseMs = isOver ? null : route.next(error);
        if (pauseMs === null) throw error;
        this.#onDisconnected?.(error);
        // All streams of a server break at the same time, so they must not all come back at the same time.
        const spreadMs = updates === 0 ? 0 : delayMs(1);
        await pause(Math.max(pauseMs, spreadMs), signal).catch(() => undefined);
      }
    }
    return undefined;
  }

  /** One connection. It ends by throwing, even if the server closed the stream, unless there is a new token to go on with. */
  async *#stream(server: string): AsyncGenerator<WatchUpdate<State>, void> {
    const connection = new AbortController();
    const end = (): void => connection.abort();
    const { signal } = this.#closed;
    signal.addEventListener('abort', end, { once: true });
    try {
      const response = await this.#open(server, connection);
      const frames = new FrameReader();
      for await (const text of textOf(response, connection, server)) {
        for (const frame of frames.read(text)) {
          if (frame.event === 'end') return await this.#replaceToken(frame.data);
          const update = this.#updateOf(frame);
          if (frame.id !== undefined) this.#lastEventId = frame.id;
          if (update !== null) yield update;
        }
      }
      throw new NetworkError(`the stream of ${server} ended`, true);
    } finally {
      signal.removeEventListener('abort', end);
      end();
    }
  }

  async #open(server: string, connection: AbortController): Promise<Response> {
    const headers: Record<string, string> = { accept: 'text/event-stream' };
    if (this.#lastEventId !== undefined) headers['last-event-id'] = this.#lastEventId;
    const { transport, bearer, timeoutMs } = this.#caller;
    const request = { server, method: 'GET', path: this.#path, headers, timeoutMs } as const;
    bearer.checkPresent();
    let refused: Response | undefined;
    const response = await bearer.send(
      async (token) => {
        await refused?.body?.cancel();
        this.#token = token;
        refused = await transport.open({ ...request, token }, connection);
        return refused;
      },
      { signal: this.#closed.signal, timeoutMs },
    );
    const { status } = response;
    if (status !== 200) throw errorOf({ status, headers: response.headers, text: await response.text() });
    if (response.headers.get('content-type')?.startsWith('text/event-stream') !== true) {
      throw new ServerError('the answer of the server is no event stream', { status });
    }
    return response;
  }

  /** Throws what the server says about the token that has ended if there is no other one. */
  async #replaceToken(reason: string): Promise<void> {
    const { bearer, timeoutMs } = this.#caller;
    const patience = { signal: this.#closed.signal, timeoutMs };
    if (await bearer.replaceEnded(this.#token, patience)) return;
    throw errorOf({ status: 401, headers: new Headers(), text: reason });
  }

  /** Returns null for a kind of event that this version does not know. */
  #updateOf({ event, data }: Frame): WatchUpdate<State> | null {
    try {
      const fields = Fields.parse(data);
      if (event === 'state') return { type: 'state', data: this.#readState(fields) };
      if (event === 'reset') return { type: 'reset', data: { message: fields.text('message') } };
      if (!isEventType(event)) return null;
      return { type: event, data: readLockEvent(fields) };
    } catch (cause) {
      throw new ServerError('an event of the server cannot be understood', { status: 200, cause });
    }
  }
}

/** The path of a watch. Throws `ValidationError` unless the name of its lock is valid. */
export function watchPath(watched: Watched, { events }: WatchOptions): string {
  const query = new URLSearchParams();
  if ('prefix' in watched) query.set('prefix', watched.prefix);
  else checkName(watched.name);
  if (events !== undefined) query.set('events', events.join(','));
  const path = 'prefix' in watched ? '/watch' : lockPath(watched.name, 'watch');
  return query.size === 0 ? path : `${path}?${query}`;
}

export function readPrefixState(fields: Fields): PrefixState {
  return { locks: fields.objects('locks').map(readHeldLock), complete: fields.flag('complete') };
}

function isEventType(text: string): text is LockEventType {
  return (LOCK_EVENT_TYPES as readonly string[]).includes(text);
}
