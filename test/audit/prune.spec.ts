import { expect, test } from 'vitest';
import { AuditTrail } from '../../src/audit/audit-trail.js';
import { hashOf } from '../../src/audit/audit-record.js';
import { pruneBefore } from '../../src/audit/prune.js';
import { RowChanges } from '../../src/journal/row-changes.js';
import type { AuditRow } from '../../src/journal/rows/audit-row.js';
import { StoreRig } from '../support/store.js';
import { entryOn, linesOf, recordAll, verify } from './audit-fixture.js';

async function pruneAt(rig: StoreRig, beforeMs: number): Promise<boolean> {
  const { store, journal, clock } = rig;
  const write = (rows: RowChanges): Promise<void> => store.write(rows);
  return pruneBefore({ journal, trail: new AuditTrail(clock), write }, beforeMs);
}

test('old records are deleted, and the rest can still be checked', async () => {
  const rig = await StoreRig.open();
  await recordAll(rig.store, ['a', 'b'], rig.clock);
  const { auditHead: old } = rig.store;
  rig.clock.advance(1_000);
  const beforeMs = rig.clock.wallMs();
  await recordAll(rig.store, ['c'], rig.clock);
  await pruneAt(rig, beforeMs);
  const lines = await linesOf(rig.journal);
  expect(lines.map((line) => (JSON.parse(line) as { number: number }).number)).toEqual([3, 4]);
  expect(JSON.parse(lines[1] ?? '')).toMatchObject({
    action: 'audit.prune',
    details: { through: old, records: 2 },
  });
  expect(verify(lines, rig.store.auditHead)).toMatchObject({ first: 3, flaw: null });
  expect(verify(lines.slice(1)).flaw).toMatchObject({ kind: 'removed', number: 3 });
});

test('very many old records are deleted in batches, and the newest one stays', async () => {
  const rig = await StoreRig.open();
  const rows = new RowChanges();
  for (let index = 0; index < 2_500; index += 1)
    new AuditTrail(rig.clock).record(rows, entryOn(String(index)));
  await rig.store.write(rows);
  rig.clock.advance(1_000);
  await pruneAt(rig, rig.clock.wallMs());
  const lines = await linesOf(rig.journal);
  expect(lines.length).toBeLessThan(5);
  expect(verify(lines, rig.store.auditHead).flaw).toBeNull();
  await rig.restart();
  await recordAll(rig.store, ['next'], rig.clock);
  expect(verify(await linesOf(rig.journal)).flaw).toBeNull();
});

test.each<[string, (row: AuditRow) => AuditRow]>([
  ['time', (row) => ({ ...row, record: row.record.replace(/"at":"\d+/, '"at":"1999') })],
  [
    'time and hash',
    (row) => {
      const record = row.record.replace(/"at":"\d+/, '"at":"1999');
      return { ...row, record, hash: hashOf(record) };
    },
  ],
])('records with an edited %s are not deleted', async (_, edit) => {
  const rig = await StoreRig.open();
  await recordAll(rig.store, ['a', 'b', 'c'], rig.clock);
  const rows = new RowChanges();
  for (const row of (await rig.journal.load('audit_records')).slice(0, 2))
    rows.put('audit_records', edit({ ...row }));
  await rig.store.write(rows);
  expect(await pruneAt(rig, rig.clock.wallMs())).toBe(false);
  expect(await linesOf(rig.journal)).toHaveLength(3);
});

test('nothing is recorded if there is nothing to delete', async () => {
  const rig = await StoreRig.open();
  await recordAll(rig.store, ['a'], rig.clock);
  await pruneAt(rig, rig.clock.wallMs() + 1);
  expect(await linesOf(rig.journal)).toHaveLength(1);
});
