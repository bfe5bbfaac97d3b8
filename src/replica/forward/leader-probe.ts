import type { CancelTimer, Clock } from '../../clock/clock.js';
import type { Leader } from './leader.js';
import { SILENT_MS } from './silence.js';

const PATH = '/health/live';

/** How long the leader may take to answer, in milliseconds. */
const TIMEOUT_MS = 1_000;

/** How long after an answer the next one is asked for, in milliseconds. Sooner if requests are held because of it. */
const PAUSE_MS = { usual: 1_000, soon: 250 } as const;

/** For how long an answer counts, in milliseconds. One may be late, because the leader or the network is busy. */
const COUNTS_MS = 3_000;

interface ProbeParts {
  readonly clock: Clock;
  readonly leader: Leader;
  /** Called whenever the leader has answered. */
  readonly onReached: () => void;
  /** Called whenever the leader has been silent for `SILENT_MS`. */
  readonly onSilent: () => void;
}

/**
 * Asks a leader again and again whether it is there. It asks as if it forwarded a request, so a server that stands by itself does
 * not count.
 */
export class LeaderProbe {
  readonly #parts: ProbeParts;
  #reachedAtMs = -Infinity;
  #silentSinceMs: number;
  /** Whether an answer is awaited, or will be asked for soon. */
  #isBusy = false;
  #isStopped = false;
  #cancelNext: CancelTimer = () => undefined;

  constructor(parts: ProbeParts) {
    this.#parts = parts;
    this.#silentSinceMs = parts.clock.monotonicMs();
  }

  /** Whether the leader has answered lately. */
  get isReachable(): boolean {
    return this.#parts.clock.monotonicMs() - this.#reachedAtMs <= COUNTS_MS;
  }

  start(): void {
    this.#ask().catch(() => undefined);
  }

  /** Asks soon, because a request is held. */
  hurry(): void {
    if (this.#isBusy) return;
    this.#isBusy = true;
    this.#askAfter(PAUSE_MS.soon);
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancelNext();
  }

  async #ask(): Promise<void> {
    const { leader } = this.#parts;
    this.#isBusy = true;
    const answer = await leader.ask(PATH, TIMEOUT_MS);
    this.#isBusy = false;
    if (this.#isStopped) return;
    this.#askAfter(PAUSE_MS.usual);
    if (answer === null) this.#unanswered();
    else this.#answered(answer.status);
  }

  #answered(status: number): void {
    const { clock, onReached } = this.#parts;
    this.#silentSinceMs = clock.monotonicMs();
    if (status !== 200) return;
    this.#reachedAtMs = this.#silentSinceMs;
    onReached();
  }

  #unanswered(): void {
    const { clock, onSilent } = this.#parts;
    const nowMs = clock.monotonicMs();
    if (nowMs - this.#silentSinceMs < SILENT_MS) return;
    this.#silentSinceMs = nowMs;
    onSilent();
  }

  #askAfter(delayMs: number): void {
    if (this.#isStopped) return;
    this.#cancelNext();
    this.#cancelNext = this.#parts.clock.after(delayMs, () => this.start());
  }
}
