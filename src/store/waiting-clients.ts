import type { WaiterId } from '../core/ids.js';
import type { AcquireAnswer } from '../core/outcome.js';

/** A queued acquire whose client went away before it was answered. Nothing is held on its behalf. */
export interface Abandoned {
  readonly kind: 'abandoned';
}

export type WaitAnswer = AcquireAnswer | Abandoned;

interface WaitingClient {
  readonly answer: (answer: WaitAnswer) => void;
  readonly fail: (error: unknown) => void;
}

/** The open requests behind the law's waiters. */
export class WaitingClients {
  readonly #clients = new Map<WaiterId, WaitingClient>();
  #lastId = 0;

  nextId(): WaiterId {
    this.#lastId += 1;
    return this.#lastId as WaiterId;
  }

  ids(): WaiterId[] {
    return [...this.#clients.keys()];
  }

  wait(waiterId: WaiterId): Promise<WaitAnswer> {
    return new Promise((answer, fail) => this.#clients.set(waiterId, { answer, fail }));
  }

  answer(waiterId: WaiterId, answer: WaitAnswer): void {
    this.#take(waiterId)?.answer(answer);
  }

  fail(waiterId: WaiterId, error: unknown): void {
    this.#take(waiterId)?.fail(error);
  }

  failAll(error: unknown): void {
    for (const waiterId of this.ids()) this.fail(waiterId, error);
  }

  #take(waiterId: WaiterId): WaitingClient | undefined {
    const client = this.#clients.get(waiterId);
    this.#clients.delete(waiterId);
    return client;
  }
}
