import { beforeEach, expect, test } from 'vitest';
import { RowChanges } from '../../src/journal/row-changes.js';
import type { ProofKeyRow } from '../../src/journal/rows/proof-key-row.js';
import { resealTable, type ResealCounts, type ResealedRow } from '../../src/store/load/reseal-table.js';
import { settleDown, StoreRig, watch } from '../support/store.js';

let rig: StoreRig;
beforeEach(async () => {
  rig = await StoreRig.open();
});

/** Stores one key for each text. The texts say which key has encrypted them. */
async function store(...sealed: string[]): Promise<void> {
  const rows = new RowChanges();
  for (const [index, sealedPrivateKey] of sealed.entries()) {
    rows.put('proof_keys', {
      keyId: `k${index}`,
      publicKey: '{}',
      sealedPrivateKey,
      createdAt: 1,
      retiredAt: null,
    });
  }
  await rig.store.write(rows);
}

async function stored(): Promise<unknown[]> {
  return (await rig.journal.load('proof_keys')).map(({ sealedPrivateKey }) => sealedPrivateKey);
}

function reseal(row: ProofKeyRow): ResealedRow<ProofKeyRow> {
  if (row.sealedPrivateKey === 'current' || row.sealedPrivateKey === 'lost')
    return { kind: row.sealedPrivateKey };
  return { kind: 'resealed', row: { ...row, sealedPrivateKey: 'current' } };
}

/** Each commit records how many rows it changes. */
function resealAll(): Promise<ResealCounts> {
  const { journal, store } = rig;
  const record = (table: string, count: number, rows: RowChanges): void => void rows.record({ table, count });
  return resealTable({ journal, store, record }, 'proof_keys', reseal);
}

async function recorded(): Promise<unknown[]> {
  return (await rig.journal.load('audit_records')).map(({ record }) => JSON.parse(record) as unknown);
}

test('rows of former keys are encrypted again and counted, and so are those that no key decrypts', async () => {
  await store('former', 'lost', 'current', 'former', 'lost', 'former');
  expect(await resealAll()).toEqual({ resealed: 3, lost: 2 });
  expect(await stored()).toEqual(['current', 'lost', 'current', 'current', 'lost', 'current']);
  expect(await recorded()).toMatchObject([{ table: 'proof_keys', count: 3 }]);
});

test('it is durable before the caller learns of it', async () => {
  await store('former');
  rig.journal.hold();
  const counts = watch(resealAll());
  await rig.journal.isHolding();
  await settleDown();
  expect(counts.status).toBe('pending');
  rig.journal.letGo();
  await expect.poll(() => counts).toEqual({ status: 'resolved', value: { resealed: 1, lost: 0 } });
});

test.each([[[]], [['current', 'lost']]])('rows that do not change cost no commit: %j', async (sealed) => {
  await store(...sealed);
  const commits = rig.journal.batches.length;
  expect((await resealAll()).resealed).toBe(0);
  expect(rig.journal.batches).toHaveLength(commits);
});
