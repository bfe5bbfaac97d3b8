import type { Access } from '../../access/access.js';
import type { Actor } from '../../access/may.js';
import type { LockEventBody } from '../../events/event.dto.js';
import type { Delivery } from './delivery.js';

/** A delivery as the owner of its webhook may see it at this moment, or null if the owner may not. */
export function visibleTo(owner: Actor, delivery: Delivery, access: Access): Delivery | null {
  if (!access.hasPolicy && owner.scope === null) return delivery;
  const body = JSON.parse(delivery.payload) as LockEventBody;
  const isVisible = (lockName: string): boolean => access.may(owner, 'observe', { lockName });
  if (!isVisible(body.lock)) return null;
  const { lease_locks } = body;
  if (lease_locks === undefined || lease_locks.every(isVisible)) return delivery;
  return { ...delivery, payload: JSON.stringify({ ...body, lease_locks: lease_locks.filter(isVisible) }) };
}
