import type { AcquireRequest, Command } from '../core/model/command.js';
import type { Step } from '../core/step.js';
import type { LoggedEvent } from '../journal/logged-event.js';
import type { WaitAnswer } from './wait/waiting-clients.js';

/** How a request waited in line. Times are in milliseconds. */
export interface EndedWait {
  readonly request: AcquireRequest;
  readonly answer: WaitAnswer['kind'];
  /** Until it was answered, or its client disconnected. */
  readonly durationMs: number;
  /** Since it joined the line. That is longer if the client had asked before, and its place was kept. */
  readonly inLineMs: number;
}

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
  /** A request no longer waits in line. */
  waited?(wait: EndedWait): void;
  /** The store has stopped for good. */
  failed?(error: unknown): void;
}
