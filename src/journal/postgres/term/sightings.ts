import { hasAllOf, type Position } from './position.js';

/** What this process has seen of the chain of commits. Both numbers only ever increase, unless the database loses commits. */
export class Sightings {
  #epoch = 0;
  #commitNo = 0;
  #last: number | null = null;
  #hasMoved = false;

  note({ epoch, commitNo }: Position): void {
    if (this.#last !== null && commitNo > this.#last) this.#hasMoved = true;
    this.#last = commitNo;
    this.#epoch = Math.max(this.#epoch, epoch);
    this.#commitNo = Math.max(this.#commitNo, commitNo);
  }

  /** A term of this process has begun here. What was lost before no longer matters. */
  startFrom({ epoch, commitNo }: Position): void {
    this.#epoch = epoch;
    this.#commitNo = commitNo;
    this.#last = commitNo;
  }

  /** Whether commits that were seen are missing below this position. */
  isBehind(position: Position): boolean {
    return !hasAllOf(position, { epoch: this.#epoch, commitNo: this.#commitNo, reign: null });
  }

  /** Whether a commit was made while this process watched. Without that, the whole database may be an old copy. */
  get hasMoved(): boolean {
    return this.#hasMoved;
  }
}
