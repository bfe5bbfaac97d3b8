import { Injectable } from '@nestjs/common';
import type { AttemptError, AttemptOutcome } from './attempt-outcome.js';

type Listener = (outcome: AttemptError | 'delivered', durationMs: number) => void;

/** Reports how long calls to receivers took. */
@Injectable()
export class CallTimes {
  readonly #listeners: Listener[] = [];

  onCall(listener: Listener): void {
    this.#listeners.push(listener);
  }

  record({ error, durationMs }: AttemptOutcome): void {
    for (const listener of this.#listeners) listener(error ?? 'delivered', durationMs);
  }
}
