import { LOCK_NAME_LENGTH_MAX } from '../core/model/limits.js';
import { TextField } from '../http/input/fields.js';

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
}
