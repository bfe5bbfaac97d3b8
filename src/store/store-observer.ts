import type { Command } from '../core/model/command.js';
import type { Step } from '../core/step.js';
import type { LoggedEvent } from '../journal/logged-event.js';
import type { WaitAnswer } from './wait/waiting-clients.js';

export interface Commit {
  /** The events that are durable now, in order. */
  readonly events: readonly LoggedEvent[];
  readonly callers: number;
  readonly durationMs: number;
}

/** Observes what the store does. Its methods are called in order. They must not throw, and cannot delay the store. */
export interface StoreObserver {
  /** A commit is durable. This is the only way to learn of events, so an event that was not committed is never reported. */
  committed?(commit: Commit): void;
  /** A command has been decided. What the step changed is not durable yet, and its commit has not begun. */
  decided?(command: Command, step: Step): void;
  /** A request has waited in line for `durationMs`, until it was answered or its client disconnected. */
  waited?(durationMs: number, answer: WaitAnswer['kind']): void;
  /** The store has stopped for good. */
  failed?(error: unknown): void;
}
