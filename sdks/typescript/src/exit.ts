import { inBackground } from './clock.js';
import type { Ending } from './ending.js';
import type { Keeper } from './keeper.js';
import { RULES } from './rules.js';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

type Signal = (typeof SIGNALS)[number];

/** What Node has and browsers lack. */
interface Process {
  readonly pid: number;
  on(event: 'beforeExit', listener: () => void): void;
  prependListener(event: Signal, listener: (signal: Signal) => void): void;
  off(event: string, listener: (signal: Signal) => void): void;
  listenerCount(event: string): number;
  kill(pid: number, signal: Signal): void;
}

/** What is to be told of a handle's beginning. */
export interface OpenHandles {
  add(ending: Ending, keeper: Keeper): void;
}

/** For a client that leaves its handles open when the process exits. */
export const LEFT_OPEN: OpenHandles = { add: () => undefined };

/**
 * Closes handles when the process exits by itself or gets a signal. Other handlers of the signal still run. If there are none, the
 * process ends as the signal says once the handles are closed.
 */
class ClosedOnExit implements OpenHandles {
  readonly #process = (globalThis as { readonly process?: Process }).process;
  readonly #open = new Set<Ending>();
  readonly #onSignal = (signal: Signal): void => void this.#end(signal);
  readonly #onIdle = (): void => void this.#closeAll();

  add(ending: Ending, keeper: Keeper): void {
    if (this.#open.size === 0) this.#listen();
    this.#open.add(ending);
    const remove = (): void => {
      if (!ending.hasBegun) this.#remove(ending);
      else void this.#close(ending);
    };
    if (keeper.over.aborted) remove();
    else keeper.over.addEventListener('abort', () => queueMicrotask(remove), { once: true });
  }

  async #close(ending: Ending): Promise<void> {
    await ending.end().catch(() => undefined);
    this.#remove(ending);
  }

  #remove(ending: Ending): void {
    if (this.#open.delete(ending) && this.#open.size === 0) this.#stopListening();
  }

  async #closeAll(): Promise<void> {
    const tooLate = new Promise<void>((resolve) => {
      inBackground(setTimeout(resolve, RULES.close_ms_max_when_lost));
    });
    const closed = Array.from(this.#open, (ending) => this.#close(ending));
    await Promise.race([Promise.all(closed), tooLate]);
  }

  /** Must be the first listener of the signal: those that run only once are gone afterwards. */
  async #end(signal: Signal): Promise<void> {
    const isAlone = this.#process?.listenerCount(signal) === 1;
    await this.#closeAll();
    this.#stopListening();
    if (isAlone) this.#process?.kill(this.#process.pid, signal);
  }

  #listen(): void {
    for (const signal of SIGNALS) this.#process?.prependListener(signal, this.#onSignal);
    this.#process?.on('beforeExit', this.#onIdle);
  }

  #stopListening(): void {
    for (const signal of SIGNALS) this.#process?.off(signal, this.#onSignal);
    this.#process?.off('beforeExit', this.#onIdle);
  }
}

/** For clients with `releaseOnExit`. There is one per process, so that the process has few listeners. */
export const CLOSED_ON_EXIT: OpenHandles = new ClosedOnExit();
