import type { Clock } from '../../clock/clock.js';
import type { TicketId } from '../../core/model/ids.js';
import type { AcquireAnswer } from '../../core/model/outcome.js';

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
  readonly ticketId: TicketId;
  readonly answer: WaitAnswer;
}

/**
 * The open requests behind the law's tickets. A grant is told at once. Thousands may be sent away in one step, when their time
 * is up or their session ends: they are told a few at a time, so that nobody else has to wait until all have been told.
 */
export class WaitingClients {
  readonly #clock: Clock;
  readonly #clients = new Map<TicketId, WaitingClient>();
  #sentAway: Answered[] = [];
  #lastId = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  nextId(): TicketId {
    this.#lastId += 1;
    return this.#lastId as TicketId;
  }

  ids(): TicketId[] {
    return [...this.#clients.keys()];
  }

  wait(ticketId: TicketId): Promise<WaitAnswer> {
    return new Promise((answer, fail) => this.#clients.set(ticketId, { answer, fail }));
  }

  answer(ticketId: TicketId, answer: WaitAnswer): void {
    if (answer.kind === 'acquired') this.#take(ticketId)?.answer(answer);
    else this.#sendAway({ ticketId, answer });
  }

  answerAll(answers: readonly Answered[]): void {
    for (const { ticketId, answer } of answers) this.answer(ticketId, answer);
  }

  failThese(clients: readonly Pick<Answered, 'ticketId'>[], error: unknown): void {
    for (const { ticketId } of clients) this.fail(ticketId, error);
  }

  fail(ticketId: TicketId, error: unknown): void {
    this.#take(ticketId)?.fail(error);
  }

  failAll(error: unknown): void {
    for (const ticketId of this.ids()) this.fail(ticketId, error);
  }

  #sendAway(sentAway: Answered): void {
    this.#sentAway.push(sentAway);
    if (this.#sentAway.length === 1) queueMicrotask(() => this.#tellSome());
  }

  #tellSome(): void {
    for (const { ticketId, answer } of this.#sentAway.slice(0, SENT_AWAY_AT_ONCE)) {
      this.#take(ticketId)?.answer(answer);
    }
    this.#sentAway = this.#sentAway.slice(SENT_AWAY_AT_ONCE);
    if (this.#sentAway.length > 0) this.#clock.afterBacklog(() => this.#tellSome());
  }

  #take(ticketId: TicketId): WaitingClient | undefined {
    const client = this.#clients.get(ticketId);
    this.#clients.delete(ticketId);
    return client;
  }
}
