import { LOCK_NAME_LENGTH_MAX } from '../core/model/limits.js';
import { TextField } from '../http/input/fields.js';
import { EVENT_LIST } from './event-types.js';

export const WATCHED_EVENTS = {
  description:
    'The types of events to send, with commas in between. `*` stands for `acquired`, `released`, `renewed` and `expired`, which ' +
    'you get if you leave this out. Without `broken`, you get the event of a broken lease as `expired`, with a `cause`.',
  example: '*,broken,release_requested,warning',
} as const;

export class WatchQuery {
  @TextField(
    { maxBytes: LOCK_NAME_LENGTH_MAX },
    {
      description: 'Only locks whose names begin with this text. Omit it for all locks.',
      example: 'service/',
      optional: true,
    },
  )
  prefix?: string;

  /** `WatchedTypes` reads it. */
  @TextField(EVENT_LIST, { ...WATCHED_EVENTS, optional: true })
  events?: string;
}
