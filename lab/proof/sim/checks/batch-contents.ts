import type { Change } from '../../../../src/core/model/change.js';
import type { Event } from '../../../../src/core/model/event.js';
import type { Step } from '../../../../src/core/step.js';
import type { Batch } from '../../../../src/journal/batch.js';
import {
  brokenLease,
  brokenLeaseIn,
  cooling,
  coolingIn,
  fence,
  fenceIn,
  lease,
  leaseIn,
  session,
  sessionIn,
} from './stored-values.js';

/** The rows of a batch as text: what is written under each key, null for what is removed. */
export function contentsOf({ rows }: Batch): string {
  const contents = new Map<string, unknown>();
  for (const key of rows.of('leases').removed) contents.set(`lease ${key}`, null);
  for (const row of rows.of('leases').put) contents.set(`lease ${row.fencingToken}`, leaseIn(row));
  for (const key of rows.of('sessions').removed) contents.set(`session ${key}`, null);
  for (const row of rows.of('sessions').put) contents.set(`session ${row.sessionId}`, sessionIn(row));
  for (const key of rows.of('coolings').removed) contents.set(`cooling ${key}`, null);
  for (const row of rows.of('coolings').put) contents.set(`cooling ${row.lockName}`, coolingIn(row));
  for (const key of rows.of('broken_leases').removed) contents.set(`broken ${key}`, null);
  for (const row of rows.of('broken_leases').put)
    contents.set(`broken ${row.fencingToken}`, brokenLeaseIn(row));
  for (const key of rows.of('fences').removed) contents.set(`fence ${key}`, null);
  for (const row of rows.of('fences').put) contents.set(`fence ${row.name}`, fenceIn(row));
  for (const event of rows.events) contents.set(`event ${event.sequence}`, withoutTimes(event));
  return asText(contents);
}

/** The same for the steps whose changes it must hold. */
export function contentsAfter(steps: readonly Step[]): string {
  const contents = new Map<string, unknown>();
  for (const { changes, events } of steps) {
    for (const change of changes)
      for (const [key, value] of contentsOfChange(change)) contents.set(key, value);
    for (const event of events) contents.set(`event ${event.sequence}`, withoutTimes(event));
  }
  return asText(contents);
}

function contentsOfChange(change: Change): readonly (readonly [key: string, value: unknown])[] {
  switch (change.kind) {
    case 'lease_granted':
    case 'lease_extended':
      return [[`lease ${change.lease.fencingToken}`, lease(change.lease)]];
    case 'lease_converted': {
      const { from, to } = change;
      const converted = [`lease ${to.fencingToken}`, lease(to)] as const;
      const isSame = from.fencingToken === to.fencingToken;
      return isSame ? [converted] : [[`lease ${from.fencingToken}`, null], converted];
    }
    case 'lease_ended':
      return [[`lease ${change.lease.fencingToken}`, null]];
    case 'cooling_began':
      return [[`cooling ${change.cooling.lockName}`, cooling(change.cooling)]];
    case 'cooling_ended':
      return [[`cooling ${change.cooling.lockName}`, null]];
    case 'broken_lease_saved':
      return [[`broken ${change.broken.fencingToken}`, brokenLease(change.broken)]];
    case 'broken_lease_forgotten':
      return [[`broken ${change.broken.fencingToken}`, null]];
    case 'fence_saved':
      return [[`fence ${change.fence.name}`, fence(change.fence)]];
    case 'fence_removed':
      return [[`fence ${change.fence.name}`, null]];
    case 'session_saved':
      return [[`session ${change.session.sessionId}`, session(change.session)]];
    default:
      return [[`session ${change.session.sessionId}`, null]];
  }
}

function asText(contents: ReadonlyMap<string, unknown>): string {
  return JSON.stringify([...contents].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** An event without its times, which are wall-clock times in the log, and with its fields in one order. */
function withoutTimes({ sequence, type, actor, subject, body }: Event<unknown>): unknown {
  const { holder, fencingToken, metadata, hold, leaseLocks } = body;
  const { userId, sessionId } = holder;
  const by = actor.kind === 'user' ? actor.userId : actor.kind;
  const text = 'reason' in body ? body.reason : 'message' in body ? body.message : null;
  return {
    sequence,
    type,
    by,
    lockName: subject.lockName,
    userId,
    sessionId,
    fencingToken,
    metadata,
    hold,
    leaseLocks,
    text,
  };
}
