import { LEASE_TTL_SECONDS } from '../../core/model/limits.js';
import { IntegerField, UuidField } from '../../http/input/fields.js';
import { ProofField } from '../../proofs/proof-field.js';

export const EXAMPLE_LEASE_ID = '550e8400-e29b-41d4-a716-446655440000';

export const LEASE_ID = {
  description: 'The `lease_id` that acquire returned.',
  example: EXAMPLE_LEASE_ID,
};

export class ReleaseLockRequest {
  @UuidField(LEASE_ID)
  lease_id!: string;
}

export class RenewLockRequest {
  @UuidField(LEASE_ID)
  lease_id!: string;

  @IntegerField(LEASE_TTL_SECONDS, {
    description: 'When the lease ends, in seconds from now. This replaces its current end.',
    example: 300,
  })
  ttl_seconds!: number;

  @ProofField()
  proof?: boolean | null;
}
