import { BooleanField } from '../../http/input/fields.js';
import { LimitField, ModeField, PermitsField } from './demand.dto.js';
import { EXAMPLE_LEASE_ID } from './lease.dto.js';
import { NewLease } from './new-lease.dto.js';

export class AcquireLockRequest extends NewLease {
  @ModeField()
  mode?: 'exclusive' | 'shared' | null;

  @LimitField()
  limit?: number | null;

  @PermitsField()
  permits?: number | null;

  @BooleanField({
    description:
      'For compatibility with earlier servers. A lease with a `session_id` always ends with its session, so `true` has no effect.',
    optional: true,
  })
  ephemeral?: boolean | null;
}

/** Examples that work as they are. The examples of renew and release use the same lease id, so they work after this one. */
export const ACQUIRE_EXAMPLES = {
  minute: {
    summary: 'Hold the lock for a minute',
    value: { ttl_seconds: 60, lease_id: EXAMPLE_LEASE_ID, metadata: 'worker-7.internal' },
  },
  shared: {
    summary: 'Share the lock with other readers',
    value: { ttl_seconds: 60, mode: 'shared' },
  },
  counted: {
    summary: 'Hold one of four permits',
    value: { ttl_seconds: 60, limit: 4 },
  },
};
