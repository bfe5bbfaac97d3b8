import { describe, expect, test } from 'vitest';
import { OctoStoreError } from '../../src/errors/octostore-error.js';
import { DurableMap } from '../../src/store/durable-map.js';
import { RowChanges } from '../../src/journal/row-changes.js';
import { STALLED_MS } from '../../src/store/commit/group-commit.js';
import { acquireRequest, lock } from '../support/law.js';
import { settleDown, StoreRig, watch } from '../support/store.js';

const COMMIT_EVERY_MS = 750;

function releaseOfNothing() {
  const { leaseId, holder } = acquireRequest('elsewhere');
  return { kind: 'release', lockName: lock('elsewhere'), leaseId, userId: holder.userId } as const;
}

/** A store on a database that others can lead as well. */
async function openShared(sureForMs = 60_000): Promise<StoreRig> {
  const rig = await StoreRig.open();
  const sureUntilMs = rig.clock.monotonicMs() + sureForMs;
  rig.journal.otherTenure = { sureUntilMs, commitEveryMs: COMMIT_EVERY_MS };
  return rig;
}

describe('a store that may have been deposed without knowing', () => {
  test.each<[string, (rig: StoreRig) => Promise<unknown>]>([
    ['a read', (rig) => rig.store.read((state) => state.leaseCount)],
    ['a conflict', (rig) => rig.acquire('held', { user: 'bob' })],
    ['a lease that is already held', (rig) => rig.acquire('held', { user: 'ann', leaseId: 'first' })],
    ['a release of nothing', (rig) => rig.store.execute(releaseOfNothing())],
    ['a settled refusal', (rig) => rig.store.settleRefusal(() => Promise.reject(new Error('refused')))],
  ])('gives no answer to %s before a commit has shown that it still leads', async (_, ask) => {
    const rig = await openShared(1_000);
    await rig.grant('held', { user: 'ann', leaseId: 'first' });
    rig.clock.advance(1_000);
    rig.journal.hold();
    const answer = watch(ask(rig));
    await rig.journal.isHolding();
    await settleDown();
    expect(answer.status).toBe('pending');
    rig.journal.failFromNowOn(new Error('another process leads'));
    rig.journal.letGo();
    await settleDown();
    expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'store_unavailable' } });
  });

  test('answers at once while it is sure', async () => {
    const rig = await openShared(1_000);
    await rig.grant('held');
    const commits = rig.journal.batches.length;
    rig.clock.advance(999);
    expect(await rig.acquire('held', { user: 'bob' })).toBe('conflict');
    expect(rig.journal.batches).toHaveLength(commits);
  });
});

describe('a store that no one asks for anything', () => {
  test('commits often enough to stay in the lead', async () => {
    const rig = await openShared();
    const commits = rig.journal.batches.length;
    for (let passedMs = 0; passedMs < 2 * COMMIT_EVERY_MS; passedMs += 150) {
      rig.clock.advance(150);
      rig.store.tend();
      await rig.store.settled();
    }
    expect(rig.journal.batches.length - commits).toBeGreaterThanOrEqual(3);
  });

  test('writes nothing to a database that is its own', async () => {
    const rig = await StoreRig.open();
    const commits = rig.journal.batches.length;
    rig.clock.advance(60_000);
    rig.store.tend();
    await settleDown();
    expect(rig.journal.batches).toHaveLength(commits);
  });
});

describe('while the database does not answer', () => {
  test('everyone is refused, and afterwards everything is there', async () => {
    const rig = await openShared();
    const names = new DurableMap<string, number>({
      put: (rows, value) => rows.put('cursors', { reader: 'r', sequence: value }),
      remove: (rows) => rows.remove('cursors', 'r'),
    });
    rig.journal.hold();
    const request = acquireRequest('a', { leaseId: 'first' });
    const rows = new RowChanges();
    names.set('r', 1, rows);
    const asked = [watch<unknown>(rig.store.acquire(request, 0)), watch<unknown>(rig.store.write(rows))];
    await rig.journal.isHolding();
    rig.clock.advance(STALLED_MS);
    rig.store.tend();
    await settleDown();
    const unknown = { status: 'rejected', reason: { code: 'store_unavailable', retryAfterMs: 1000 } };
    for (const answer of asked) expect(answer).toMatchObject(unknown);
    await expect(rig.acquire('b')).rejects.toBeInstanceOf(OctoStoreError);
    await expect(rig.store.read((state) => state.leaseCount)).rejects.toBeInstanceOf(OctoStoreError);
    expect([rig.store.admission.status, names.durable.size]).toEqual(['serving', 0]);

    const committed = new Promise<void>((resolve) => rig.store.observe({ committed: () => resolve() }));
    rig.journal.letGo();
    await committed;
    await settleDown();
    expect((await rig.store.acquire(request, 0)).kind).toBe('already_held');
    expect(names.durable.get('r')).toBe(1);
    expect(await rig.acquire('b')).toBe('acquired');
  });
});
