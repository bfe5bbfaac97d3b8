import type { Clock } from '../clock/clock.js';
import type { WaiterId } from '../core/model/ids.js';
import type { AcquireAnswer } from '../core/model/outcome.js';

/** A queued acquire whose client went away before it was answered. Nothing is held on its behalf. */
export interface Abandoned {
  readonly kind: 'abandoned';
}

export type WaitAnswer = AcquireAnswer | Abandoned;

interface WaitingClient {
  readonly answer: (answer: WaitAnswer) => void;
  readonly fail: (error: unknown) => void;
}

/** Clients that are sent away at a time: to answer one over HTTP takes some ten microseconds. */
const SENT_AWAY_AT_ONCE = 20;

interface Answered {
  readonly waiterId: WaiterId;
  readonly answer: WaitAnswer;
}

/**
 * The open requests behind the law's waiters. A grant is told at once. Thousands may be sent away in one step, when their time
 * is up or their session ends: they are told a few at a time, so that nobody else has to wait until all have been told.
 */
export class WaitingClients {
  readonly #clock: Clock;
  readonly #clients = new Map<WaiterId, WaitingClient>();
  #sentAway: Answered[] = [];
  #lastId = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

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
    if (answer.kind === 'acquired') this.#take(waiterId)?.answer(answer);
    else this.#sendAway({ waiterId, answer });
  }

  answerAll(answers: readonly Answered[]): void {
    for (const { waiterId, answer } of answers) this.answer(waiterId, answer);
  }

  failThese(clients: readonly Pick<Answered, 'waiterId'>[], error: unknown): void {
    for (const { waiterId } of clients) this.fail(waiterId, error);
  }

  fail(waiterId: WaiterId, error: unknown): void {
    this.#take(waiterId)?.fail(error);
  }

  failAll(error: unknown): void {
    for (const waiterId of this.ids()) this.fail(waiterId, error);
  }

  #sendAway(sentAway: Answered): void {
    this.#sentAway.push(sentAway);
    if (this.#sentAway.length === 1) queueMicrotask(() => this.#tellSome());
  }

  #tellSome(): void {
    for (const { waiterId, answer } of this.#sentAway.slice(0, SENT_AWAY_AT_ONCE)) {
      this.#take(waiterId)?.answer(answer);
    }
    this.#sentAway = this.#sentAway.slice(SENT_AWAY_AT_ONCE);
    if (this.#sentAway.length > 0) this.#clock.afterBacklog(() => this.#tellSome());
  }

  #take(waiterId: WaiterId): WaitingClient | undefined {
    const client = this.#clients.get(waiterId);
    this.#clients.delete(waiterId);
    return client;
  }
}
