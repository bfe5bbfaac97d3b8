import type { Clock } from '../../../clock/clock.js';
import type { Answer, Statement, Wire } from './connection.js';
import type { Connect, Primary } from './primary.js';
import { isPassing } from './sql-errors.js';

/** A connection that is made again when it has broken. Statements run one after another. */
export class Link {
  readonly #connect: Connect;
  readonly #clock: Clock;
  readonly #answerWithinMs: number;
  #primary: Primary | null;
  #last: Promise<unknown> = Promise.resolve();
  #trouble: Error | null = null;
  #isClosed = false;

  /** @param answerWithinMs a statement that takes longer fails, and its connection is cut. The server may still carry it out. */
  constructor(connect: Connect, clock: Clock, answerWithinMs: number, primary: Primary | null = null) {
    this.#connect = connect;
    this.#clock = clock;
    this.#answerWithinMs = answerWithinMs;
    this.#primary = primary;
  }

  /**
   * Runs one statement, and connects first if necessary. Rejects if no server can be reached, or if the statement fails. It is not
   * repeated: the caller knows whether that is safe.
   *
   * @param onSend called when the statement is about to be sent.
   */
  query<Row>(statement: Statement, onSend: () => void = () => undefined): Promise<Answer<Row>> {
    const answer = this.#last.then(() => this.#run<Row>(statement, onSend));
    this.#last = answer.then(
      () => (this.#trouble = null),
      (error: unknown) => (this.#trouble = error instanceof Error && isPassing(error) ? error : null),
    );
    return answer;
  }

  /** Why the last statement did not get through. Null if it did. */
  get trouble(): Error | null {
    return this.#trouble;
  }

  /** Ends the connection at once. A statement that is running fails. */
  cut(): void {
    this.#primary?.connection.cut();
  }

  /** Waits for the statements that were given. They no longer connect. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#last;
    await this.#primary?.connection.close();
  }

  async #run<Row>(statement: Statement, onSend: () => void): Promise<Answer<Row>> {
    const connection = await this.#open();
    const cancel = this.#clock.after(this.#answerWithinMs, () => connection.cut());
    try {
      onSend();
      return await connection.query<Row>(statement);
    } catch (error) {
      // Another server may take the next statement.
      if (isPassing(error)) connection.cut();
      throw error;
    } finally {
      cancel();
    }
  }

  async #open(): Promise<Wire> {
    if (this.#primary?.connection.isOpen !== true) {
      if (this.#isClosed) throw new Error('the connection is closed');
      this.#primary = await this.#connect(this.#primary?.host ?? null);
    }
    return this.#primary.connection;
  }
}
