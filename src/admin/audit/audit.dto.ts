import { LAST_NUMBER } from '../../core/model/limits.js';
import { IntegerField } from '../../http/input/fields.js';

/** How many records a page has. */
export const AUDIT_PAGE = { min: 1, max: 1_000, default: 1_000 } as const;

export class AuditQuery {
  @IntegerField(
    { min: 0, max: LAST_NUMBER },
    {
      description: 'Only records after this number. Continue after the last one that you have.',
      optional: true,
    },
  )
  after?: number;

  @IntegerField(
    { min: 1, max: LAST_NUMBER },
    {
      description:
        'The last records before this number, instead of the first ones after `after`. They are still oldest first. A number above all records means the latest ones.',
      optional: true,
    },
  )
  before?: number;

  @IntegerField(AUDIT_PAGE, { description: 'The most records to return.', optional: true })
  limit?: number;
}
