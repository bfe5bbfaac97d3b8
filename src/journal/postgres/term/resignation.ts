import type { Clock } from '../../../clock/clock.js';
import type { Link } from '../connection/link.js';
import { settledWithin } from '../connection/settled-within.js';

/** How long giving up may take, in milliseconds. If the database cannot be reached, another process waits until it may take over. */
export const RESIGN_MS = 5_000;

export const ADVERTISE = 'update server set leader_url = $1 where id = 1 and reign = $2';

/** Gives terms up, so that another process can begin one at once. */
export class Resignation {
  readonly #link: Link;
  readonly #clock: Clock;

  constructor(link: Link, clock: Clock) {
    this.#link = link;
    this.#clock = clock;
  }

  /** Never rejects. If it fails or takes too long, another process takes over when it has waited long enough. */
  async resign(reign: string | null): Promise<void> {
    const resigned = this.#link.query({ text: ADVERTISE, values: [null, reign] });
    await settledWithin(this.#clock, RESIGN_MS, resigned, () => this.#link.cut());
  }
}
