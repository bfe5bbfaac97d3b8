import type { Command } from '../core/model/command.js';
import type { Outcome } from '../core/model/outcome.js';
import type { LoggedEvent } from '../journal/logged-event.js';
import type { WaitAnswer } from './wait/waiting-clients.js';

export interface Commit {
  /** The events that are durable now, in order. */
  readonly events: readonly LoggedEvent[];
  readonly callers: number;
  readonly durationMs: number;
}

/** Somebody who follows what the store does. It is called in order, must not throw, and cannot hold anything up. */
export interface StoreObserver {
  /** A commit is durable. This is the only news of events that there is: what did not happen is never told. */
  committed?(commit: Commit): void;
  /** The law has decided a command, which may not be durable yet. */
  decided?(command: Command, outcome: Outcome): void;
  /** A request has waited in line for so many milliseconds, until it was answered or its client had gone. */
  waited?(durationMs: number, answer: WaitAnswer['kind']): void;
  /** The store has stopped for good. */
  failed?(error: unknown): void;
}
