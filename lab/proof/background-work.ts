import type { Connection } from '../kit/http/connection.js';

/** Clients that work until they are stopped, or until one of them fails. */
export class BackgroundWork {
  readonly #work: Promise<void>[] = [];
  #failure: { readonly error: unknown } | null = null;
  #isStopped = false;

  /** Calls `act` again and again, and cuts the connection at the end. If `act` throws, all work ends. */
  repeat(connection: Connection, act: () => Promise<void>): void {
    this.#work.push(this.#repeat(act).finally(() => connection.cut()));
  }

  /** Throws the first error so far, if there is one. */
  check(): void {
    if (this.#failure !== null) throw this.#failure.error;
  }

  /** Ends the work. Throws the first error, if there is one. */
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
