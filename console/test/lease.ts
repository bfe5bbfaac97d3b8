import type { Lease, LockEvent } from '../src/api/schemas';

export function lease(name: string, fencing_token: number, fields: Partial<Lease> = {}): Lease {
  return {
    name,
    fencing_token,
    mode: 'exclusive',
    status: 'held',
    holder: 'ada',
    holder_id: 'id-of-ada',
    expires_at: '2026-01-01T12:00:00.000Z',
    metadata: null,
    ...fields,
  };
}

export function event(
  type: LockEvent['event'],
  lock: string,
  fencing_token: number,
  fields: Partial<LockEvent> = {},
): LockEvent {
  return {
    event: type,
    lock,
    fencing_token,
    holder: 'bob',
    holder_id: 'id-of-bob',
    timestamp: '2026-01-01T11:59:00.000Z',
    sequence: 1,
    mode: 'exclusive',
    expires_at: '2026-01-01T12:01:00.000Z',
    ...fields,
  };
}
