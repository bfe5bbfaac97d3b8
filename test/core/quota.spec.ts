import { describe, expect, test } from 'vitest';
import { Law } from '../support/law.js';

describe('the quota of locks', () => {
  test('refuses the lock beyond it and says what it is', () => {
    const law = new Law({ maxLocksPerUser: 2 });
    law.grant('a');
    law.grant('b');
    expect(law.acquire('c')).toEqual({ kind: 'lock_limit_exceeded', limit: 2 });
    expect(law.holding('c')).toBeNull();
  });

  test('is one for all sessions of a user', () => {
    const law = new Law({ maxLocksPerUser: 2 });
    law.openSession('s', 'ann');
    law.grant('a', { session: 's' });
    law.grant('b');
    expect(law.acquire('c', { session: 's' }).kind).toBe('lock_limit_exceeded');
  });

  test('of one user is not that of another', () => {
    const law = new Law({ maxLocksPerUser: 1 });
    law.grant('a', { user: 'ann' });
    expect(law.acquire('b', { user: 'bob' }).kind).toBe('acquired');
  });

  test('does not stand in the way of a lease that the caller already has', () => {
    const law = new Law({ maxLocksPerUser: 1 });
    const lease = law.grant('a');
    expect(law.acquire('a').kind).toBe('already_held');
    expect(law.renew(lease).outcome.kind).toBe('renewed');
  });

  test('of 0 refuses everything', () => {
    expect(new Law({ maxLocksPerUser: 0 }).acquire('a').kind).toBe('lock_limit_exceeded');
  });

  test('has room again after a release', () => {
    const law = new Law({ maxLocksPerUser: 1 });
    law.release(law.grant('a'));
    expect(law.acquire('b').kind).toBe('acquired');
  });
});

describe('the quota counts only live leases:', () => {
  test('not one that is overdue, with no sweep', () => {
    const law = new Law({ maxLocksPerUser: 1 });
    law.grant('a', { ttl: 10 });
    law.advance(10_000);
    expect(law.acquire('b').kind).toBe('lock_limit_exceeded');
    law.advance(1);
    expect(law.acquire('b').kind).toBe('acquired');
  });

  test('not one whose session is overdue, with no sweep', () => {
    const law = new Law({ maxLocksPerUser: 1 });
    law.openSession('s', 'ann', 10);
    law.grant('a', { session: 's', ttl: 60 });
    law.advance(10_001);
    expect(law.acquire('b').kind).toBe('acquired');
  });

  test('but all that live, also when something else is due', () => {
    const law = new Law({ maxLocksPerUser: 1 });
    law.grant('x', { user: 'bob', ttl: 1 });
    law.grant('a', { ttl: 60 });
    law.advance(1_001);
    expect(law.acquire('b').kind).toBe('lock_limit_exceeded');
  });
});

describe('the quota holds at hand-off:', () => {
  test('a waiter that has reached it meanwhile is refused, and the next one is served', () => {
    const law = new Law({ maxLocksPerUser: 1 });
    const lease = law.grant('a', { user: 'ann' });
    const full = law.queue('a', { user: 'bob' });
    const next = law.queue('a', { user: 'cid' });
    law.grant('b', { user: 'bob' });
    law.release(lease);
    expect(law.answerTo(full)).toEqual({ kind: 'lock_limit_exceeded', limit: 1 });
    expect(law.answerTo(next)?.kind).toBe('acquired');
    expect(law.holding('a')?.holder.userId).toBe('cid');
  });

  test('a waiter may queue beyond it, since it has room when its turn comes', () => {
    const law = new Law({ maxLocksPerUser: 1 });
    const lease = law.grant('a', { user: 'ann' });
    const other = law.grant('b', { user: 'bob' });
    const waiter = law.queue('a', { user: 'bob' });
    law.release(other);
    law.release(lease);
    expect(law.answerTo(waiter)?.kind).toBe('acquired');
  });

  test('the lease that ends makes room for the same user before the next grant is decided', () => {
    const law = new Law({ maxLocksPerUser: 1 });
    const lease = law.grant('a', { leaseId: 'one' });
    const waiter = law.queue('a', { leaseId: 'two' });
    law.release(lease);
    expect(law.answerTo(waiter)?.kind).toBe('acquired');
  });

  test('a lock is free when no one in its queue may have it', () => {
    const law = new Law({ maxLocksPerUser: 1 });
    const lease = law.grant('a', { user: 'ann' });
    const full = law.queue('a', { user: 'bob' });
    law.grant('b', { user: 'bob' });
    law.release(lease);
    expect(law.answerTo(full)?.kind).toBe('lock_limit_exceeded');
    expect(law.acquire('a', { user: 'cid' }).kind).toBe('acquired');
  });
});

describe('the limit of locks for all users together', () => {
  test('refuses every lock beyond it, to any user', () => {
    const law = new Law({ maxLocks: 2 });
    law.grant('a', { user: 'ann' });
    const lease = law.grant('b', { user: 'bob' });
    expect(law.acquire('c', { user: 'cid' })).toEqual({ kind: 'too_many_locks', limit: 2 });
    law.release(lease);
    expect(law.acquire('c', { user: 'cid' }).kind).toBe('acquired');
  });

  test('stands in the way of no hand-off: the lease that ends makes room', () => {
    const law = new Law({ maxLocks: 1 });
    const lease = law.grant('a', { user: 'ann' });
    const waiter = law.queue('a', { user: 'bob' });
    law.release(lease);
    expect(law.answerTo(waiter)?.kind).toBe('acquired');
  });
});
