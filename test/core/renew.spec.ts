import { describe, expect, test } from 'vitest';
import { EXCLUSIVE } from '../../src/core/model/demand.js';
import { instant, Law } from '../support/law.js';

describe('renew', () => {
  test('measures the new ttl from now and keeps everything else', () => {
    const law = new Law();
    const lease = law.grant('a', { ttl: 60, metadata: 'm' });
    law.advance(7_000);
    const renewed = { ...lease, ttlSeconds: 30, deadline: instant(law.now + 30_000) };
    const { outcome, changes, events } = law.renew(lease, 30);
    expect(outcome).toEqual({ kind: 'renewed', lease: renewed, releaseRequest: null });
    expect(changes).toEqual([{ kind: 'lease_extended', lease: renewed }]);
    expect(events).toEqual([
      expect.objectContaining({
        type: 'renewed',
        body: {
          holder: lease.holder,
          fencingToken: 1,
          metadata: 'm',
          expiresAt: renewed.deadline,
          hold: EXCLUSIVE,
          leaseLocks: ['a'],
        },
      }),
    ]);
  });

  test('leaves the lease that was answered before as it was', () => {
    const law = new Law();
    const lease = law.grant('a', { ttl: 60 });
    const before = { ...lease };
    law.advance(1_000);
    law.renew(lease, 3600);
    expect(lease).toEqual(before);
  });

  test('keeps the lease alive beyond its first deadline and lets it end at the second', () => {
    const law = new Law();
    const lease = law.grant('a', { ttl: 10 });
    law.advance(9_000);
    law.renew(lease, 10);
    law.advance(10_000);
    expect(law.sweep().events).toEqual([]);
    expect(law.holding('a')).not.toBeNull();
    law.advance(1);
    expect(law.holding('a')).toBeNull();
    expect(law.sweep().events).toEqual([
      expect.objectContaining({ type: 'expired', subject: { kind: 'lock', lockName: 'a' } }),
    ]);
  });

  test('may shorten a lease, because its holder asked for that', () => {
    const law = new Law();
    const lease = law.grant('a', { ttl: 3600 });
    law.renew(lease, 1);
    law.advance(1_001);
    expect(law.holding('a')).toBeNull();
  });

  test('works at the very deadline and not after it', () => {
    const law = new Law();
    const lease = law.grant('a', { ttl: 10 });
    law.now = lease.deadline;
    expect(law.renew(lease, 10).outcome.kind).toBe('renewed');
    law.advance(10_001);
    expect(law.renew(lease, 10).outcome).toEqual({ kind: 'lock_not_found' });
    expect(law.acquire('a', { user: 'bob' }).kind).toBe('acquired');
  });

  test('never revives a lease that another holder has followed', () => {
    const law = new Law();
    const lease = law.grant('a', { ttl: 10 });
    const waiter = law.queue('a', { user: 'bob' });
    law.advance(10_001);
    expect(law.renew(lease).outcome).toEqual({ kind: 'lock_not_found' });
    expect(law.answerTo(waiter)).toMatchObject({ kind: 'acquired' });
  });

  test('does not outlive the session', () => {
    const law = new Law();
    law.openSession('s', 'ann', 10);
    const lease = law.grant('a', { session: 's', ttl: 60 });
    law.advance(9_000);
    law.renew(lease, 3600);
    law.advance(1_001);
    expect(law.holding('a')).toBeNull();
    expect(law.renew(lease).outcome).toEqual({ kind: 'lock_not_found' });
  });
});

describe('renew is not found', () => {
  test('for someone else', () => {
    const law = new Law();
    const lease = law.grant('a', { user: 'ann' });
    const stranger = {
      ...lease,
      holder: { ...lease.holder, userId: law.grant('b', { user: 'bob' }).holder.userId },
    };
    expect(law.renew(stranger).outcome).toEqual({ kind: 'lock_not_found' });
  });

  test('under another lease id', () => {
    const law = new Law();
    const lease = law.grant('a', { leaseId: 'one' });
    const other = law.grant('b', { leaseId: 'two' });
    expect(law.renew({ ...lease, leaseId: other.leaseId }).outcome).toEqual({ kind: 'lock_not_found' });
    expect(law.holding('a')).toEqual(lease);
  });

  test('after a release', () => {
    const law = new Law();
    const lease = law.grant('a');
    law.release(lease);
    expect(law.renew(lease).outcome).toEqual({ kind: 'lock_not_found' });
  });
});
