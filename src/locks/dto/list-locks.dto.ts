import { LOCK_NAME_LENGTH_MAX } from '../../core/model/limits.js';
import { CursorField } from '../../http/input/cursor-fields.js';
import { ChoiceField, IntegerField, TextField } from '../../http/input/fields.js';

export const PAGE_SIZE = { min: 1, max: 10_000, default: 1_000 } as const;

/** Base64url makes a lock name and a fencing token a third longer. */
const CURSOR_BYTES_MAX = 400;

export class ListLocksQuery {
  @TextField(
    { maxBytes: LOCK_NAME_LENGTH_MAX },
    { description: 'Only locks whose names begin with this text.', example: 'service/', optional: true },
  )
  prefix?: string;

  @ChoiceField(['/'], {
    description:
      'With `/`, locks whose names have a further `/` after the `prefix` are not listed. `prefixes` has the beginnings of their names instead, as folders.',
    optional: true,
  })
  delimiter?: '/';

  @ChoiceField(['me'], { description: 'Only locks that you hold.', optional: true })
  owner?: 'me';

  @IntegerField(PAGE_SIZE, { description: 'The maximum number of entries per page.', optional: true })
  limit?: number;

  @CursorField(CURSOR_BYTES_MAX)
  cursor?: string;
}
