import { Injectable } from '@nestjs/common';
import type { AttemptError, AttemptOutcome } from '../delivery/attempt-record.js';

/** What came of a call, in a word. */
export type CallOutcome = AttemptError | 'delivered';

type Listener = (outcome: CallOutcome, durationMs: number) => void;

/** Tells how long calls to receivers took. */
@Injectable()
export class DeliveryTimes {
  readonly #listeners: Listener[] = [];

  onCall(listener: Listener): void {
    this.#listeners.push(listener);
  }

  record({ error, durationMs }: AttemptOutcome): void {
    for (const listener of this.#listeners) listener(error ?? 'delivered', durationMs);
  }
}
