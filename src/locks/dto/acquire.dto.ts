import { LEASE_TTL_SECONDS, METADATA_BYTES_MAX, WAIT_SECONDS } from '../../core/model/limits.js';
import { BooleanField, IntegerField, TextField, UuidField } from '../../http/input/fields.js';
import { EXAMPLE_LEASE_ID } from './lease.dto.js';

export class AcquireLockRequest {
  @IntegerField(LEASE_TTL_SECONDS, {
    description: 'How long the lease lasts, in seconds from the grant.',
    example: 60,
  })
  ttl_seconds!: number;

  @UuidField({
    description:
      'The id for the lease. Choose a new one for each lock that you want to hold. If a reply is lost, repeat the call with ' +
      'the same id to get the same lease. A different id conflicts, even from the same user. If you leave it out, the server ' +
      'generates one.',
    example: EXAMPLE_LEASE_ID,
    optional: true,
  })
  lease_id?: string | null;

  @UuidField({
    description:
      'The session to tie the lease to. The lease ends with the session or when its own TTL expires, whichever is first.',
    optional: true,
  })
  session_id?: string | null;

  @TextField(
    { maxBytes: METADATA_BYTES_MAX },
    {
      description:
        'A note that everyone who looks at the lock can see, such as the name of the host that holds it.',
      example: 'worker-7.internal',
      optional: true,
    },
  )
  metadata?: string | null;

  @IntegerField(WAIT_SECONDS, {
    description:
      'How long to wait in line if the lock is held, in seconds. Clients get the lock in the order they arrived. If the time runs ' +
      'out, the response is 409.',
    example: 0,
    optional: true,
  })
  wait_seconds?: number | null;

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
};
