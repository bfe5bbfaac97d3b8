import { randomUUID } from 'node:crypto';
import type { AcquireRequest } from '../../core/model/command.js';
import type { LeaseId, SessionId, UserId } from '../../core/model/ids.js';
import type { NewLease } from '../dto/new-lease.dto.js';
import { coolingOf } from './cooling-of.js';

/** The request for a lease on these locks, as a body describes it. Throws `validation_failed` if its fields contradict each other. */
export function leaseRequest(wants: AcquireRequest['wants'], body: NewLease, userId: UserId): AcquireRequest {
  const { ttl_seconds, lease_id, session_id, metadata } = body;
  return {
    wants,
    holder: { userId, sessionId: (session_id?.toLowerCase() ?? null) as SessionId | null },
    leaseId: (lease_id?.toLowerCase() ?? randomUUID()) as LeaseId,
    leaseIdChosen: typeof lease_id === 'string',
    ttlSeconds: ttl_seconds,
    metadata: metadata ?? null,
    cooling: coolingOf(wants, body),
  };
}
