import { frames } from '../../kit/history/event-log.js';
import { nowMs, pause } from '../../../src/process/time.js';
import type { EventBook, SeenEvent } from './event-book.js';

const AGAIN_AFTER_MS = 50;

/** A stream that could not be resumed, and sent the present state instead. What happened in between is not known. */
export interface Reset {
  readonly lastMs: number;
  readonly atMs: number;
  /** The last event before it. */
  readonly after: number;
}

/** Reads the events of all locks, and resumes after each interruption. */
export class StreamReader {
  /** How many events it has received. */
  received = 0;
  readonly resets: Reset[] = [];
  /** What is wrong with the stream, in a sentence each. */
  readonly violations: string[] = [];
  interruptions = 0;
  #position: number | null = null;
  #lastMs = nowMs();

  constructor(
    readonly name: string,
    private readonly url: () => string,
    private readonly token: string,
    private readonly book: EventBook,
  ) {}

  /** The sequence up to which it has received everything. */
  get position(): number {
    return this.#position ?? 0;
  }

  async read(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      // A signal of its own, so that streams that have ended are forgotten.
      const cut = new AbortController();
      const stopped = (): void => cut.abort();
      stop.addEventListener('abort', stopped, { once: true });
      await this.#readOnce(cut.signal).catch(() => undefined);
      stop.removeEventListener('abort', stopped);
      this.interruptions += 1;
      await pause(AGAIN_AFTER_MS);
    }
  }

  async #readOnce(stop: AbortSignal): Promise<void> {
    const from = this.#position === null ? '0' : String(this.#position);
    for await (const { event, id, data } of frames(this.url(), this.token, from, stop)) {
      if (event === 'reset') this.#reset();
      else if (event === 'state') this.#position = Math.max(this.position, Number(id));
      else
        this.#receive(event, JSON.parse(data) as Omit<SeenEvent, 'token'> & { fencing_token: number | null });
    }
  }

  #reset(): void {
    this.resets.push({ lastMs: this.#lastMs, atMs: nowMs(), after: this.position });
    this.#position = null;
  }

  #receive(
    event: string,
    { sequence, lock, fencing_token }: Omit<SeenEvent, 'token'> & { fencing_token: number | null },
  ): void {
    const isNext = this.#position === null || sequence === this.#position + 1;
    if (!isNext)
      this.violations.push(`the stream of ${this.name} sent event ${sequence} after event ${this.#position}`);
    this.#position = sequence;
    this.#lastMs = nowMs();
    this.received += 1;
    const problem = this.book.add({ sequence, event, lock, token: fencing_token }, this.name);
    if (problem !== null) this.violations.push(problem);
  }
}
