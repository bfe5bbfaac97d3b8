import {
  LEASE_TTL_SECONDS,
  LOCK_DELAY_SECONDS,
  METADATA_BYTES_MAX,
  MIN_HOLD_SECONDS,
  WAIT_SECONDS,
} from '../../core/model/limits.js';
import { IntegerField, TextField, UuidField } from '../../http/input/fields.js';
import { ProofField } from '../../proofs/proof-field.js';
import { EXAMPLE_LEASE_ID } from './lease.dto.js';

/** What every request for a lease says about it, whatever it locks. */
export class NewLease {
  @IntegerField(LEASE_TTL_SECONDS, {
    description: 'How long the lease lasts, in seconds from the grant.',
    example: 60,
  })
  ttl_seconds!: number;

  @UuidField({
    description:
      'The id for the lease. Choose a new one for each lease that you want. If a reply is lost, repeat the call with ' +
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
      'How long to wait in line if you cannot have the lock now, in seconds. Clients are served in the order they arrived. If the ' +
      'time runs out, the response is 409. If you chose `lease_id`, your place is kept for 15 seconds: ask again with the same ' +
      '`lease_id` to continue there.',
    example: 0,
    optional: true,
  })
  wait_seconds?: number | null;

  @IntegerField(LOCK_DELAY_SECONDS, {
    description:
      'How long no one gets the locks after the lease or its session expires, counted from the deadline, or after an operator ' +
      'breaks the lease, in seconds. Use it if your work may go on for a moment after the lease has ended. Only if you hold every ' +
      'lock exclusively.',
    example: 0,
    optional: true,
  })
  lock_delay_seconds?: number | null;

  @IntegerField(MIN_HOLD_SECONDS, {
    description:
      'How long no one else gets the locks after you have acquired them, even if you release them sooner, in seconds. At most ' +
      '`ttl_seconds`. Only if you hold every lock exclusively.',
    example: 0,
    optional: true,
  })
  min_hold_seconds?: number | null;

  @ProofField()
  proof?: boolean | null;
}
