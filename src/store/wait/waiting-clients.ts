import type { Clock } from '../../clock/clock.js';
import type { TicketId } from '../../core/model/ids.js';
import type { AcquireAnswer } from '../../core/model/outcome.js';

/** The client of a queued acquire disconnected before it was answered. It holds nothing. */
export interface Abandoned {
  readonly kind: 'abandoned';
}

export type WaitAnswer = AcquireAnswer | Abandoned;

interface WaitingClient {
  readonly answer: (answer: WaitAnswer) => void;
  readonly fail: (error: unknown) => void;
}

/** How many clients are refused at a time. Answering one over HTTP takes about ten microseconds. */
const REFUSED_AT_ONCE = 20;

interface Answered {
  readonly ticketId: TicketId;
  readonly answer: WaitAnswer;
}

/**
 * The open requests behind the tickets. A grant is answered immediately. Thousands of requests may be refused in one step, when
 * their time is up or their session ends. Those are answered a few at a time, so that other clients do not have to wait for all of
 * them.
 */
export class WaitingClients {
  readonly #clock: Clock;
  readonly #clients = new Map<TicketId, WaitingClient>();
  #refused: Answered[] = [];
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
    else this.#refuse({ ticketId, answer });
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

  #refuse(refused: Answered): void {
    this.#refused.push(refused);
    if (this.#refused.length === 1) queueMicrotask(() => this.#answerSome());
  }

  #answerSome(): void {
    for (const { ticketId, answer } of this.#refused.slice(0, REFUSED_AT_ONCE)) {
      this.#take(ticketId)?.answer(answer);
    }
    this.#refused = this.#refused.slice(REFUSED_AT_ONCE);
    if (this.#refused.length > 0) this.#clock.afterBacklog(() => this.#answerSome());
  }

  #take(ticketId: TicketId): WaitingClient | undefined {
    const client = this.#clients.get(ticketId);
    this.#clients.delete(ticketId);
    return client;
  }
}
