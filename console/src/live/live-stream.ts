import { toApiError } from '../api/api-error';
import type { LockEvent } from '../api/schemas';
import { Store } from '../state/store';
import { backoffMs } from './backoff';
import { openStream } from './open-stream';
import { isSame, pathOf, PRESENT_SEQUENCE_PATH, type Watched } from './watched';

/** Whether this tab hears of events. */
export type Connection =
  | { readonly kind: 'idle' | 'connecting' | 'open' }
  | { readonly kind: 'down'; readonly sinceMs: number; readonly reason: string };

type EventListener = (events: readonly LockEvent[]) => void;

/** The one event stream of this tab. It comes back by itself, where it left off. */
export class LiveStream {
  readonly connection = new Store<Connection>({ kind: 'idle' });
  /** Goes up when events may have been missed, so that what was read before must be read again. */
  readonly generation = new Store(0);

  /** Goes up when the connection is back after it was lost. */
  readonly reconnections = new Store(0);

  readonly #listeners = new Set<EventListener>();
  #watched: Watched | null = null;
  #lastId: string | null = null;
  #controller: AbortController | null = null;
  #retryNow: (() => void) | null = null;
  /** Events that are passed on when the present piece of the stream has been read. */
  #pending: LockEvent[] = [];

  /** Follows something else from now on, or nothing. */
  watch(watched: Watched | null): void {
    if (isSame(watched, this.#watched)) return;
    this.#watched = watched;
    this.#controller?.abort();
    this.#controller = null;
    if (watched === null) {
      this.#lastId = null;
      this.connection.set({ kind: 'idle' });
      return;
    }
    const controller = new AbortController();
    this.#controller = controller;
    void this.#run(watched, controller.signal);
  }

  /** Calls `listener` with the events of each piece that arrives. Returns how to end that. */
  onEvents(listener: EventListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Tries to connect at once instead of after the present pause. */
  retry(): void {
    this.#retryNow?.();
  }

  async #run(watched: Watched, signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      let reason = 'The server ended the connection.';
      try {
        if (this.connection.value.kind !== 'down') this.connection.set({ kind: 'connecting' });
        await this.#follow(watched, signal, () => (failures = 0));
      } catch (failure) {
        reason = toApiError(failure).message;
      }
      if (signal.aborted) return;
      failures += 1;
      this.#setDown(reason);
      await this.#pause(backoffMs(failures), signal);
    }
  }

  async #follow(watched: Watched, signal: AbortSignal, onOpen: () => void): Promise<void> {
    if (this.#lastId === null) {
      this.#lastId = await presentSequence(signal);
      // What was read until now may be older than the first event that arrives.
      this.#forget();
    }
    for await (const { event, id, data } of openStream(pathOf(watched), this.#lastId, signal)) {
      if (signal.aborted) return;
      if (event === 'opened') {
        onOpen();
        if (this.connection.value.kind === 'down') this.reconnections.set(this.reconnections.value + 1);
        this.connection.set({ kind: 'open' });
        continue;
      }
      if (event === 'end') return;
      // The present state follows, as after a change of the policy. We read what the screen shows by pages instead.
      if (event === 'reset') this.#forget();
      if (id !== null) this.#lastId = id;
      if (event !== 'state' && event !== 'reset') this.#pass(JSON.parse(data) as LockEvent);
    }
  }

  #forget(): void {
    this.generation.set(this.generation.value + 1);
  }

  /** Events of one piece of the stream are passed on together, so that a burst is rendered once. */
  #pass(event: LockEvent): void {
    this.#pending.push(event);
    if (this.#pending.length > 1) return;
    queueMicrotask(() => {
      const events = this.#pending;
      this.#pending = [];
      for (const listener of this.#listeners) listener(events);
    });
  }
  #setDown(reason: string): void {
    const { value } = this.connection;
    const sinceMs = value.kind === 'down' ? value.sinceMs : Date.now();
    this.connection.set({ kind: 'down', sinceMs, reason });
  }

  #pause(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        window.removeEventListener('online', end);
        this.#retryNow = null;
        resolve();
      };
      const timer = setTimeout(end, ms);
      this.#retryNow = end;
      signal.addEventListener('abort', end);
      window.addEventListener('online', end);
    });
  }
}

async function presentSequence(signal: AbortSignal): Promise<string | null> {
  for await (const { id } of openStream(PRESENT_SEQUENCE_PATH, null, signal)) {
    if (id !== null) return id;
  }
  return null;
}
