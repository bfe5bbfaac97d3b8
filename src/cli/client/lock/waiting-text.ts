import type { LockStatus, Queue } from '@octostore/client';
import { printable } from '../../shared/output.js';

/** What a client waits for. */
export interface Wait {
  readonly lock: LockStatus;
  readonly queue: Queue;
  readonly leaseId: string;
  readonly seconds: number;
}

/** Such as `waiting for a: held by bob, place 2 of 5, 12 s`. */
export function waitingText({ lock, queue, leaseId, seconds }: Wait): string {
  const parts = [obstacleOf(lock), placeOf(queue, leaseId), `${Math.floor(seconds)} s`];
  return printable(`waiting for ${lock.name}: ${parts.join(', ')}`);
}

function obstacleOf(lock: LockStatus): string {
  if (lock.status === 'available') return 'kept for others';
  if (lock.status === 'delayed') return `kept from everyone until ${lock.availableAt.toISOString()}`;
  const others = lock.holderCount - 1;
  if (others === 0) return `held by ${lock.holder}`;
  return `held by ${lock.holder} and ${others} ${others === 1 ? 'other' : 'others'}`;
}

/** Only the first places of a line are known. */
function placeOf({ queue, waiters }: Queue, leaseId: string): string {
  const own = queue.find((place) => place.leaseId === leaseId);
  return own === undefined ? `${waiters} in line` : `place ${own.position} of ${waiters}`;
}
