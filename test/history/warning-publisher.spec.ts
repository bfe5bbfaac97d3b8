import { expect, test } from 'vitest';
import type { Lease } from '../../src/core/model/lease.js';
import { PastLeases } from '../../src/history/past-leases.js';
import { WarningPublisher } from '../../src/history/warning-publisher.js';
import { JobRunner } from '../../src/store/jobs/job-runner.js';
import { StoreRig } from '../support/store.js';

/** Publishes only when the test says so. */
async function publisherOf({ store, clock }: StoreRig): Promise<WarningPublisher> {
  const pastLeases = new PastLeases(store, clock);
  await pastLeases.whenRead();
  return new WarningPublisher(pastLeases, store, new JobRunner(), clock);
}

async function warningsIn({ store }: StoreRig): Promise<string[]> {
  const events = await store.log.after(0, 10_000);
  return events.flatMap(({ type, subject }) => (type === 'warning' ? [subject.lockName] : []));
}

async function renewLate(rig: StoreRig, leases: readonly Lease[]): Promise<void> {
  rig.clock.advance(9_000);
  await Promise.all(leases.map((lease) => rig.renew(lease, 10)));
}

test('warnings wait, and are logged in one commit', async () => {
  const rig = await StoreRig.open();
  const publisher = await publisherOf(rig);
  const leases = [await rig.grant('a', { ttl: 10 }), await rig.grant('b', { ttl: 10 })];
  await renewLate(rig, leases);
  const commits = rig.journal.batches.length;
  expect(await warningsIn(rig)).toEqual([]);
  await publisher.publish();
  expect(await warningsIn(rig)).toEqual(['a', 'b']);
  expect(rig.journal.batches.length).toBe(commits + 1);
  await publisher.publish();
  expect(rig.journal.batches.length).toBe(commits + 1);
});

test('at most a hundred wait', async () => {
  const rig = await StoreRig.open({ maxLocksPerUser: 1_000 });
  const publisher = await publisherOf(rig);
  const names = Array.from({ length: 120 }, (_, index) => `lock-${index}`);
  await renewLate(rig, await Promise.all(names.map((name) => rig.grant(name, { ttl: 10 }))));
  await publisher.publish();
  expect(await warningsIn(rig)).toEqual(names.slice(0, 100));
});

test('a store that accepts nothing new logs none, and no one else notices', async () => {
  const rig = await StoreRig.open();
  const publisher = await publisherOf(rig);
  await renewLate(rig, [await rig.grant('a', { ttl: 10 })]);
  rig.store.drain();
  await publisher.publish();
  expect(await warningsIn(rig)).toEqual([]);
});

test('a warning survives a restart as it was', async () => {
  const rig = await StoreRig.open();
  const publisher = await publisherOf(rig);
  const lease = await rig.grant('a', { ttl: 10, metadata: 'm' });
  await renewLate(rig, [lease]);
  await publisher.publish();
  await rig.restart();
  const event = (await rig.store.log.after(0, 10)).find(({ type }) => type === 'warning');
  expect(event).toMatchObject({
    actor: { kind: 'service' },
    body: {
      fencingToken: lease.fencingToken,
      metadata: 'm',
      leaseLocks: ['a'],
      warning: { kind: 'renews_late', marginMs: 1_000, ttlMs: 10_000 },
    },
  });
});
