import type { LockName } from '../core/model/lock-name.js';
import type { Subject } from '../core/model/subject.js';
import type { LoggedEvent } from './logged-event.js';

/** Which locks a reader of the event log wants to know about: one, or all whose names begin with a prefix. */
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
  /** The part begins after this sequence. */
  readonly after: number;
  /** The part ends with this sequence. */
  readonly through: number;
  /** Events to look at, whether they are selected or not. */
  readonly scanMax: number;
  /** Events to return. */
  readonly limit: number;
}

export interface EventPage {
  /** In order. */
  readonly events: readonly LoggedEvent[];
  /** Up to this sequence there are no other events that the query selects. Ask on from here. */
  readonly through: number;
}
