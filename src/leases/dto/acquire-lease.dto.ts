import { LEASE_LOCKS, LEASE_TTL_SECONDS } from '../../core/model/limits.js';
import { IntegerField, ListField, LockNameField } from '../../http/input/fields.js';
import { LimitField, ModeField, PermitsField } from '../../locks/dto/demand.dto.js';
import { NewLease } from '../../locks/dto/new-lease.dto.js';
import { ProofField } from '../../proofs/proof-field.js';

/** One lock that a lease should hold. */
export class WantedLock {
  @LockNameField({ description: 'Lock name', example: 'service/leader' })
  name!: string;

  @ModeField()
  mode?: 'exclusive' | 'shared' | null;

  @LimitField()
  limit?: number | null;

  @PermitsField()
  permits?: number | null;
}

export class AcquireLeaseRequest extends NewLease {
  @ListField(WantedLock, LEASE_LOCKS, {
    description: 'The locks, none of them twice. You get all of them, or none.',
  })
  locks!: WantedLock[];
}

export class RenewLeaseRequest {
  @IntegerField(LEASE_TTL_SECONDS, {
    description: 'When the lease ends, in seconds from now. This replaces its current end.',
    example: 300,
  })
  ttl_seconds!: number;

  @ProofField()
  proof?: boolean | null;
}

/** Examples that work as they are. */
export const ACQUIRE_LEASE_EXAMPLES = {
  two: {
    summary: 'Hold two locks at once',
    value: { ttl_seconds: 60, locks: [{ name: 'accounts/1' }, { name: 'accounts/2' }] },
  },
  mixed: {
    summary: 'Read a table with one of eight workers',
    value: {
      ttl_seconds: 60,
      locks: [
        { name: 'tables/orders', mode: 'shared' },
        { name: 'workers', limit: 8 },
      ],
    },
  },
};
