import type { Connection } from '../kit/http/connection.js';

/** Clients that are at work until they are stopped, or until one of them meets what must not be. */
export class BackgroundWork {
  readonly #work: Promise<void>[] = [];
  #failure: { readonly error: unknown } | null = null;
  #isStopped = false;

  /** Has a client do something over and over, and cuts its connection in the end. What `act` throws ends all of the work. */
  repeat(connection: Connection, act: () => Promise<void>): void {
    this.#work.push(this.#repeat(act).finally(() => connection.cut()));
  }

  /** Throws what went wrong so far, if anything. */
  check(): void {
    if (this.#failure !== null) throw this.#failure.error;
  }

  /** Ends the work and throws what went wrong, if anything. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.all(this.#work);
    this.check();
  }

  async #repeat(act: () => Promise<void>): Promise<void> {
    try {
      while (!this.#isStopped && this.#failure === null) await act();
    } catch (error) {
      this.#failure ??= { error };
    }
  }
}
