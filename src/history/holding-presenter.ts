import { rfc3339, nameOf, type LoginOf } from '../events/event-fields.js';
import { presentHold } from '../locks/present-hold.js';
import type { PastLease } from './history.dto.js';
import type { Holding } from './holding.js';
import { holdingInWords } from './holding-words.js';

/** A lease that holds or held a lock, as clients see it. Never with its id. */
export function presentHolding(holding: Holding, nowMs: number, loginOf: LoginOf): PastLease {
  const { hold, end } = holding;
  return {
    fencing_token: holding.fencingToken,
    holder: loginOf(holding.holder.userId),
    holder_id: holding.holder.userId,
    metadata: holding.metadata,
    ...presentHold(hold),
    how: end?.kind ?? 'held',
    acquired_at: timeOf(holding.acquiredAt),
    ended_at: timeOf(holding.endedAt),
    last_renewed_at: timeOf(holding.lastRenewedAt),
    renewals: holding.renewals,
    least_margin_ms: holding.leastMarginMs,
    ...(end?.kind === 'broken' ? { reason: end.reason, broken_by: nameOf(end.by, loginOf) } : {}),
    release_requests: holding.releaseRequests.map(({ at, by, message }) => ({
      by: nameOf(by, loginOf),
      message,
      at: rfc3339(at),
    })),
    summary: holdingInWords(holding, nowMs, loginOf),
  };
}

function timeOf(wallMs: number | null): string | null {
  return wallMs === null ? null : rfc3339(wallMs);
}
