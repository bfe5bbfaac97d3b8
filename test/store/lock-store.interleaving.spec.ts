import { expect, test } from 'vitest';
import type { Lease } from '../../src/core/model/lease.js';
import { RowChanges } from '../../src/journal/row-changes.js';
import { StoreRig } from '../support/store.js';

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/*
 * TypeORM gives all callers of a SQLite connection one query runner, so a statement of one request can become part of the
 * transaction of another and vanish with it. Therefore one gate serializes all statements. This test fails if one bypasses it.
 */
test('of a thousand commands among account rows, every acknowledged one is present after a restart', async () => {
  const rig = await StoreRig.open({ maxLocksPerUser: 1_000 });
  const users = new Map<string, string>();
  const held = new Map<string, Lease>();

  const live = async (number: number): Promise<void> => {
    // Not all at once, so that some arrive while others are being committed.
    for (let turn = 0; turn < number % 200; turn += 1) await nextTurn();
    const name = `lock-${number}`;
    const lease = await rig.grant(name, { user: `user-${number % 20}`, ttl: 600, metadata: `m-${number}` });
    const userId = `account-${number % 100}`;
    const login = `login-${number}`;
    const row = {
      userId,
      provider: 'static',
      subject: userId,
      login,
      avatarUrl: null,
      createdAt: 1,
    } as const;
    users.set(userId, login);
    const written = rig.store.write(new RowChanges().put('users', row));
    if (number % 3 === 0) {
      await rig.release(lease);
    } else {
      held.set(name, lease);
      if (number % 5 === 0) await rig.renew(lease, 900);
    }
    await written;
    await rig.journal.load('tokens');
  };

  await Promise.all(Array.from({ length: 1_000 }, (_, number) => live(number)));
  expect(rig.journal.batches.length).toBeGreaterThan(3);
  await rig.restart();

  const stored = new Map((await rig.journal.load('users')).map(({ userId, login }) => [userId, login]));
  expect(stored).toEqual(users);
  const leases = await rig.journal.load('leases');
  expect(new Set(leases.map(({ fencingToken }) => fencingToken))).toEqual(
    new Set(Array.from(held.values(), ({ fencingToken }) => fencingToken)),
  );
  for (const [name, { leaseId }] of held) expect(await rig.holding(name)).toMatchObject({ leaseId });
  const renewals = Array.from({ length: 1_000 }, (_, number) => number).filter(
    (n) => n % 3 !== 0 && n % 5 === 0,
  );
  const events = await rig.store.log.after(0, 100_000);
  expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
  expect(events).toHaveLength(1_000 + 334 + renewals.length);
});
