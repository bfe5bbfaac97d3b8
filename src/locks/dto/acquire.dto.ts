import { LEASE_TTL_SECONDS, METADATA_BYTES_MAX, WAIT_SECONDS } from '../../core/model/limits.js';
import { BooleanField, IntegerField, TextField, UuidField } from '../../http/input/fields.js';
import { EXAMPLE_LEASE_ID } from './lease.dto.js';

export class AcquireLockRequest {
  @IntegerField(LEASE_TTL_SECONDS, {
    description: 'Seconds for which the lock is granted, counted from the grant.',
    example: 60,
  })
  ttl_seconds!: number;

  @UuidField({
    description:
      'The id that the lease shall have. Choose one per lock that you want to hold and repeat the call with it after a lost ' +
      'reply: you get the same lease. Another id contends for the lock, even from the same user. Left out, the server chooses.',
    example: EXAMPLE_LEASE_ID,
    optional: true,
  })
  lease_id?: string | null;

  @UuidField({
    description:
      'Ties the lease to a session: it ends with the session, or at its own TTL, whichever comes first.',
    optional: true,
  })
  session_id?: string | null;

  @TextField(
    { maxBytes: METADATA_BYTES_MAX },
    {
      description: 'A note that everybody who looks at the lock sees, such as the host that holds it.',
      example: 'worker-7.internal',
      optional: true,
    },
  )
  metadata?: string | null;

  @IntegerField(WAIT_SECONDS, {
    description:
      'Seconds to wait in line, first come, first served, if somebody else holds the lock. After that the answer is 409.',
    example: 0,
    optional: true,
  })
  wait_seconds?: number | null;

  @BooleanField({
    description:
      'For clients of earlier servers. A lease with a `session_id` always ends with its session, so `true` changes nothing there.',
    optional: true,
  })
  ephemeral?: boolean | null;
}

/** What works as it stands. The examples of renew and release give the same lease id, so they work after it. */
export const ACQUIRE_EXAMPLES = {
  minute: {
    summary: 'Hold the lock for a minute',
    value: { ttl_seconds: 60, lease_id: EXAMPLE_LEASE_ID, metadata: 'worker-7.internal' },
  },
};
