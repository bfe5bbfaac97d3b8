import { api, ask } from '../../api/client';
import type { Explanation, LockEvent, PastLease, QueuePlace } from '../../api/schemas';

/** Past leases that the timeline shows. */
const HISTORY_LENGTH = 100;

/** Everything about one lock. */
export interface LockFacts {
  readonly explanation: Explanation;
  readonly history: readonly PastLease[];
  /** The lease ids of the user's own leases, by their fencing tokens. */
  readonly ownLeases: ReadonlyMap<number, string>;
  readonly ownPlaces: readonly QueuePlace[];
}

export async function readLock(name: string): Promise<LockFacts> {
  const path = { name };
  const [explanation, history, status, queue] = await Promise.all([
    ask(api.GET('/explain/{name}', { params: { path } })),
    ask(api.GET('/history/{name}', { params: { path, query: { limit: HISTORY_LENGTH } } })),
    ask(api.GET('/locks/{name}', { params: { path } })),
    ask(api.GET('/queues/{name}', { params: { path } })),
  ]);
  const holders = status.status === 'held' ? status.holders : [];
  return {
    explanation,
    history: history.leases,
    ownLeases: new Map(
      holders.flatMap(({ fencing_token, lease_id }) =>
        lease_id === undefined ? [] : [[fencing_token, lease_id] as const],
      ),
    ),
    ownPlaces: queue.queue.filter(({ lease_id }) => lease_id !== null),
  };
}

/** What is known after a renewal, which changes only times. */
export function renewed(facts: LockFacts, event: LockEvent): LockFacts {
  const { expires_at } = event;
  if (expires_at === undefined) return facts;
  const holders = facts.explanation.holders.map((lease) =>
    lease.fencing_token === event.fencing_token
      ? { ...lease, expires_at, last_renewed_at: event.timestamp, renewals: lease.renewals + 1 }
      : lease,
  );
  return { ...facts, explanation: { ...facts.explanation, holders } };
}
