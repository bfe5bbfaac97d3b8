import type { Command } from '../core/model/command.js';
import type { Step } from '../core/step.js';
import type { Commit, EndedWait, StoreObserver } from './store-observer.js';

/** Passes everything that the store does to all observers, in the order in which they were added. */
export class Observers {
  readonly #observers: StoreObserver[] = [];

  add(observer: StoreObserver): void {
    this.#observers.push(observer);
  }

  committed(commit: Commit): void {
    for (const observer of this.#observers) observer.committed?.(commit);
  }

  decided(command: Command, step: Step): void {
    for (const observer of this.#observers) observer.decided?.(command, step);
  }

  waited(wait: EndedWait): void {
    for (const observer of this.#observers) observer.waited?.(wait);
  }

  failed(error: unknown): void {
    for (const observer of this.#observers) observer.failed?.(error);
  }
}
