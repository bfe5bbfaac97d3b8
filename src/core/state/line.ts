import type { Arrival } from '../model/ids.js';
import { SortedChunks } from './sorted-chunks.js';

/** A place in a line, as far as the line looks at it. */
export interface InLine {
  readonly ticket: { readonly arrival: Arrival; readonly isAsking: boolean };
}

/**
 * The line of one lock: its places in the order of arrival. Places that are silent are kept apart from those that are asking, so
 * they cost nothing when the lock changes hands.
 */
export class Line<Place extends InLine> {
  readonly #asking = new SortedChunks<Place, Arrival>(arrivalOf);
  readonly #silent = new SortedChunks<Place, Arrival>(arrivalOf);

  /** All places. */
  get length(): number {
    return this.#asking.size + this.#silent.size;
  }

  get askingCount(): number {
    return this.#asking.size;
  }

  /** The place that is served next. */
  get firstAsking(): Place | null {
    return this.#asking.first ?? null;
  }

  /** How many places that are asking arrived earlier. */
  askingBefore(arrival: Arrival): number {
    return this.#asking.countBelow(arrival);
  }

  add(place: Place): void {
    this.#runOf(place).add(place);
  }

  remove(place: Place): void {
    this.#runOf(place).delete(arrivalOf(place));
  }

  /** All places in the order of arrival. Do not change the line while you iterate. */
  *places(): Generator<Place> {
    const silent = this.#silent.from(0 as Arrival);
    let kept = silent.next();
    for (const place of this.#asking.from(0 as Arrival)) {
      for (; !kept.done && arrivalOf(kept.value) < arrivalOf(place); kept = silent.next()) yield kept.value;
      yield place;
    }
    for (; !kept.done; kept = silent.next()) yield kept.value;
  }

  #runOf({ ticket }: InLine): SortedChunks<Place, Arrival> {
    return ticket.isAsking ? this.#asking : this.#silent;
  }
}

function arrivalOf({ ticket }: InLine): Arrival {
  return ticket.arrival;
}
