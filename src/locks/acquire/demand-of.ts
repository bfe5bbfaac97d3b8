import { EXCLUSIVE, SHARED, type Demand } from '../../core/model/demand.js';
import { OctoStoreError } from '../../errors/octostore-error.js';
import type { DemandFields } from '../dto/demand.dto.js';

/**
 * What a request wants of one lock. Throws `validation_failed` if its fields contradict each other.
 *
 * @param where where the fields are in the body, for the details of the error. It begins them.
 */
export function demandOf(fields: DemandFields, where = ''): Demand {
  const problem = problemOf(fields);
  if (problem !== null) throw new OctoStoreError('validation_failed', { details: where + problem });
  const { mode, limit, permits } = fields;
  if (typeof limit === 'number') return { mode: 'counted', limit, permits: permits ?? 1 };
  return mode === 'shared' ? SHARED : EXCLUSIVE;
}

function problemOf({ mode, limit, permits }: DemandFields): string | null {
  if (typeof limit === 'number' && typeof mode === 'string') {
    return `A lock with a limit is counted, so mode cannot be "${mode}". Leave one of them out.`;
  }
  if (typeof permits !== 'number') return null;
  if (typeof limit !== 'number') return 'permits needs a limit. Add one, or leave permits out.';
  return permits > limit ? `permits is ${permits}, but limit is ${limit}. Ask for at most ${limit}.` : null;
}
