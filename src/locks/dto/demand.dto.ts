import { PERMITS } from '../../core/model/limits.js';
import { ChoiceField, IntegerField } from '../../http/input/fields.js';

/** What a request wants of one lock. `demandOf` checks how the fields go together. */
export interface DemandFields {
  readonly mode?: 'exclusive' | 'shared' | null;
  readonly limit?: number | null;
  readonly permits?: number | null;
}

export function ModeField(): PropertyDecorator {
  return ChoiceField(['exclusive', 'shared'], {
    description:
      'Whether you hold the lock alone or share it with others that say `shared`. If left out, you hold it alone, unless you give ' +
      'a `limit`.',
    optional: true,
  });
}

export function LimitField(): PropertyDecorator {
  return IntegerField(PERMITS, {
    description:
      'Makes the lock counted: leases may use this many permits together. All requests for the lock must give the same limit. ' +
      'Leave out `mode`.',
    optional: true,
  });
}

export function PermitsField(): PropertyDecorator {
  return IntegerField(PERMITS, {
    description: 'How many permits of a counted lock you want, at most its `limit`. If left out: `1`.',
    optional: true,
  });
}
