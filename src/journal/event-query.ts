import type { LockName } from '../core/model/lock-name.js';
import type { Subject } from '../core/model/subject.js';
import type { LoggedEvent } from './logged-event.js';

/** The locks whose events a reader wants: one lock, or all locks whose names begin with a prefix. */
export type Selector =
  | { readonly kind: 'lock'; readonly lockName: LockName }
  | { readonly kind: 'prefix'; readonly prefix: string };

export function selects(selector: Selector, subject: Subject): boolean {
  if (subject.kind !== 'lock') return false;
  const { lockName } = subject;
  return selector.kind === 'lock' ? lockName === selector.lockName : lockName.startsWith(selector.prefix);
}

/** A part of the event log. */
export interface EventQuery {
  readonly selector: Selector;
  /** Only events after this sequence. */
  readonly after: number;
  /** Only events up to and including this sequence. */
  readonly through: number;
  /** The maximum number of events to scan, whether or not they match. */
  readonly scanMax: number;
  /** The maximum number of events to return. */
  readonly limit: number;
}

export interface EventPage {
  /** In order of sequence. */
  readonly events: readonly LoggedEvent[];
  /** There are no other matching events up to this sequence. Continue after it. */
  readonly through: number;
}
