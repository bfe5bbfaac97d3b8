import { LOCK_NAME_LENGTH_MAX } from '../core/model/limits.js';
import { TextField } from '../http/input/fields.js';

export class WatchQuery {
  @TextField(
    { maxBytes: LOCK_NAME_LENGTH_MAX },
    {
      description: 'Only locks whose names begin with this text; all if left out.',
      example: 'service/',
      optional: true,
    },
  )
  prefix?: string;
}
