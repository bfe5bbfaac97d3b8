import { expect, onTestFinished, test } from 'vitest';
import { TermEndedError } from '../../../src/journal/errors.js';
import { LockStore } from '../../../src/store/lock-store.js';
import { acquireRequest, leaseId, lock, user } from '../../support/law.js';
import { ManualClock } from '../../support/manual-clock.js';
import { connectTo, testDatabase } from '../../support/postgres/test-journal.js';
import type { TestDatabase } from '../../support/postgres/test-database.js';
import { describeWithCluster } from '../../support/postgres/with-cluster.js';
import { STORE_OPTIONS } from '../../support/store.js';

await describeWithCluster('a leader whose clock stands still', (cluster) => {
  async function storeOn(database: TestDatabase, confirmedReads: boolean): Promise<LockStore> {
    const clock = new ManualClock();
    const journal = await connectTo(database.location(), clock);
    const store = await LockStore.lead(journal, clock, { ...STORE_OPTIONS, confirmedReads });
    onTestFinished(() => store.close());
    return store;
  }

  /** Another process has begun to lead, and has granted the lock. */
  async function deposed(confirmedReads: boolean): Promise<LockStore> {
    const database = await testDatabase(cluster);
    const old = await storeOn(database, confirmedReads);
    expect(await heldBy(old)).toBeNull();
    await database.query('update server set leader_url = null');
    const next = await storeOn(database, confirmedReads);
    await next.acquire(acquireRequest('a', { user: 'ann' }), 0);
    expect(await heldBy(next)).toBe('ann');
    return old;
  }

  async function heldBy(store: LockStore): Promise<string | null> {
    const lease = await store.read((state, now) => state.firstLiveLease(lock('a'), now));
    return lease?.holder.userId ?? null;
  }

  const TERM_ENDED = { code: 'store_unavailable', cause: expect.any(TermEndedError) as TermEndedError };

  test('answers a read from the past when another one leads', async () => {
    expect(await heldBy(await deposed(false))).toBeNull();
  });

  test('does not, with confirmed reads', async () => {
    await expect(heldBy(await deposed(true))).rejects.toMatchObject(TERM_ENDED);
  });

  test('does not refuse from the past either, with confirmed reads', async () => {
    const old = await deposed(true);
    const renewal = old.execute({
      kind: 'renew',
      lockName: lock('a'),
      leaseId: leaseId('another'),
      userId: user('ann'),
      ttlSeconds: 60,
    });
    await expect(renewal).rejects.toMatchObject(TERM_ENDED);
  });
});
