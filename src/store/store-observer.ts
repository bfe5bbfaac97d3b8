import type { Command } from '../core/model/command.js';
import type { Step } from '../core/step.js';
import type { EventRow } from '../journal/rows/event-row.js';
import type { WaitAnswer } from './waiting-clients.js';

export interface Commit {
  /** The events that are durable now, in order. */
  readonly events: readonly EventRow[];
  readonly callers: number;
  readonly durationMs: number;
}

/** Follows what the store does. It is called in order, must not throw, and cannot hold anything up. */
export interface StoreObserver {
  /** A commit is durable. Only this tells of events, so that an event that a crash could undo is never told. */
  committed?(commit: Commit): void;
  /** The law has decided a command. What the step changed is not durable yet, and its commit has not begun. */
  decided?(command: Command, step: Step): void;
  /** A request has waited in line for so many milliseconds, until it was answered or its client had gone. */
  waited?(durationMs: number, answer: WaitAnswer['kind']): void;
  /** The store has stopped for good. */
  failed?(error: unknown): void;
}
