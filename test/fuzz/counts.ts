import { LockStore } from '../../src/store/lock-store.js';
import { DeliveryBacklog } from '../../src/webhooks/delivery/delivery-backlog.js';
import type { TestServer } from '../support/server.js';

/** Numbers of the server. Every change that a request can make changes at least one of them. */
export function countsOf({ app }: TestServer): unknown {
  const { lastFencingToken, lastSequence, leaseCount, sessionCount, waiterCount, fenceCount } =
    app.get(LockStore).counts;
  const { webhooks } = app.get(DeliveryBacklog).count();
  return { lastFencingToken, lastSequence, leaseCount, sessionCount, waiterCount, fenceCount, webhooks };
}
