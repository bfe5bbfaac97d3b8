import type { EventFilter } from '@octostore/client';
import { InvalidArgumentError } from 'commander';

/** `*` stands for the first four. */
const EVENTS: readonly EventFilter[] = [
  'acquired',
  'renewed',
  'released',
  'expired',
  'broken',
  'release_requested',
  'warning',
  '*',
];

/** What can be listed, for the help of an option. */
export const EVENT_LIST = `${EVENTS.slice(0, -1).join(', ')}, or * for the first four (default: *)`;

/** Parses a list such as `acquired,broken`. Throws `InvalidArgumentError`. */
export function eventFilters(text: string): EventFilter[] {
  return text.split(',').map((name) => {
    const known = EVENTS.find((event) => event === name.trim());
    if (known === undefined) throw new InvalidArgumentError(`Choose from ${EVENTS.join(', ')}.`);
    return known;
  });
}
