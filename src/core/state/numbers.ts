import type { FencingToken, Sequence } from '../model/ids.js';
import { LAST_NUMBER } from '../model/limits.js';

/** The counters of fencing tokens and event sequences. They only ever increase. */
export class Numbers {
  #lastFencingToken: FencingToken;
  #lastSequence: Sequence;

  constructor(lastFencingToken: FencingToken, lastSequence: Sequence) {
    this.#lastFencingToken = lastFencingToken;
    this.#lastSequence = lastSequence;
  }

  get lastFencingToken(): FencingToken {
    return this.#lastFencingToken;
  }

  get lastSequence(): Sequence {
    return this.#lastSequence;
  }

  get tokensLeft(): number {
    return LAST_NUMBER - this.#lastFencingToken;
  }

  get sequencesLeft(): number {
    return LAST_NUMBER - this.#lastSequence;
  }

  nextFencingToken(): FencingToken {
    if (this.tokensLeft <= 0) throw new Error('no fencing tokens are left');
    this.#lastFencingToken = (this.#lastFencingToken + 1) as FencingToken;
    return this.#lastFencingToken;
  }

  nextSequence(): Sequence {
    if (this.sequencesLeft <= 0) throw new Error('no sequences are left');
    this.#lastSequence = (this.#lastSequence + 1) as Sequence;
    return this.#lastSequence;
  }
}
