import { randomUUID } from 'node:crypto';
import type { AcquireRequest } from '../../core/model/command.js';
import type { LeaseId, SessionId, UserId } from '../../core/model/ids.js';
import type { NewLease } from '../dto/new-lease.dto.js';

/** The request for a lease on these locks, as a body describes it. */
export function leaseRequest(
  wants: AcquireRequest['wants'],
  { ttl_seconds, lease_id, session_id, metadata }: NewLease,
  userId: UserId,
): AcquireRequest {
  return {
    wants,
    holder: { userId, sessionId: (session_id?.toLowerCase() ?? null) as SessionId | null },
    leaseId: (lease_id?.toLowerCase() ?? randomUUID()) as LeaseId,
    leaseIdChosen: typeof lease_id === 'string',
    ttlSeconds: ttl_seconds,
    metadata: metadata ?? null,
  };
}
