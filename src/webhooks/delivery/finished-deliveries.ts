/** How many deliveries are kept per webhook, by state. */
export const KEPT_PER_WEBHOOK = { pending: 10_000, delivered: 200, dead: 1_000 } as const;

export type FinalState = 'delivered' | 'dead';

/** The finished deliveries of one webhook, by the sequences of their events, in the order in which they finished. */
export class FinishedDeliveries {
  readonly #finished: Record<FinalState, number[]> = { delivered: [], dead: [] };

  get deadCount(): number {
    return this.#finished.dead.length;
  }

  /** Adds a stored delivery. */
  load(sequence: number, state: FinalState): void {
    this.#finished[state].push(sequence);
  }

  /** Adds finished deliveries. Returns the sequences of the oldest ones, which are no longer kept. */
  add(sequences: readonly number[], state: FinalState): number[] {
    const finished = this.#finished[state];
    finished.push(...sequences);
    return finished.splice(0, Math.max(0, finished.length - KEPT_PER_WEBHOOK[state]));
  }

  /** Takes out a delivery to send it again. Returns false if it is not among the finished ones. */
  take(sequence: number): boolean {
    return this.#takeFrom('dead', sequence) || this.#takeFrom('delivered', sequence);
  }

  clear(): void {
    this.#finished.delivered = [];
    this.#finished.dead = [];
  }

  #takeFrom(state: FinalState, sequence: number): boolean {
    const before = this.#finished[state];
    if (!before.includes(sequence)) return false;
    this.#finished[state] = before.filter((other) => other !== sequence);
    return true;
  }
}
