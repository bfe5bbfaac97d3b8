import type { QueuedPlace } from '../../core/state/state-view.js';
import type { LoginOf } from '../../events/event-fields.js';
import { durationInWords } from '../../events/duration-in-words.js';
import type { PlaceReason } from './place-reason.js';

/** Such as `ada`, `ada and bob`, or `ada and 3 others`. */
export function namesInWords(names: readonly string[], count = names.length): string {
  const [first = 'no one', second] = names;
  if (count <= 1) return first;
  if (count === 2 && second !== undefined) return `${first} and ${second}`;
  return `${first} and ${count - 1} others`;
}

/** Such as `ada has held it for 2 min. 3 requests are waiting.` */
export function heldInWords(names: readonly string[], count: number, heldForMs: number | null): string {
  const since = heldForMs === null ? '' : ` for ${durationInWords(heldForMs)}`;
  return count === 1
    ? `${namesInWords(names)} has held it${since}.`
    : `${namesInWords(names, count)} hold it together.`;
}

export function waitersInWords(waiters: number): string {
  if (waiters === 0) return 'No one is waiting.';
  return waiters === 1 ? 'One request is waiting.' : `${waiters} requests are waiting.`;
}

/** What a place waits for, such as `waits for ada`. */
export function reasonInWords(reason: PlaceReason, holderNames: string, loginOf: LoginOf): string {
  switch (reason.kind) {
    case 'kept':
      return 'its place is kept, but no one is asking';
    case 'delayed':
      return 'waits until the lock is no longer kept from everyone';
    case 'held':
      return `waits for ${holderNames}`;
    case 'behind':
      return `waits behind ${placeInWords(reason.first, loginOf)}`;
    case 'other_lock':
      return 'waits for another lock of its request';
    default:
      return unreachable(reason);
  }
}

function placeInWords({ holder, demand }: QueuedPlace, loginOf: LoginOf): string {
  const name = loginOf(holder.userId);
  switch (demand.mode) {
    case 'exclusive':
      return `${name}, who wants it alone`;
    case 'shared':
      return `${name}, who wants to share it`;
    case 'counted':
      return `${name}, who wants ${demand.permits} permits`;
    default:
      return unreachable(demand);
  }
}

function unreachable(value: never): never {
  throw new Error(`unexpected: ${JSON.stringify(value)}`);
}
