import type { ServerResponse } from 'node:http';
import { at, nowMs, type CancelTimer } from '../../../../process/time.js';
import type { Agent } from '../agent/agent.js';

/** An agent that is here while it has a request or a stream open, and for a time after that. */
export class PresentAgent {
  #open = 0;
  #cancel: CancelTimer = () => undefined;
  readonly #gone = new AbortController();

  /** @param leave called once it has been silent for `idleMs`. */
  constructor(
    readonly agent: Agent,
    /** Identifies the token that opened it. No other token may use it. */
    readonly tokenHash: string,
    private readonly idleMs: number,
    private readonly leave: () => void,
  ) {
    this.#wait();
  }

  /** Keeps the agent here until the response has ended, or its client has gone. */
  during(response: ServerResponse): void {
    this.#cancel();
    this.#open += 1;
    response.once('close', () => {
      this.#open -= 1;
      if (this.#open === 0 && !this.gone.aborted) this.#wait();
    });
  }

  /** Aborted when the agent has gone. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /** Ends the agent and its claims. */
  async end(): Promise<void> {
    this.#cancel();
    this.#gone.abort();
    await this.agent.close();
  }

  #wait(): void {
    this.#cancel();
    this.#cancel = at(nowMs() + this.idleMs, this.leave);
  }
}
