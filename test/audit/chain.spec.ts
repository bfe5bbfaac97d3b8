import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { AuditTrail } from '../../src/audit/audit-trail.js';
import { CHAIN_START } from '../../src/audit/audit-record.js';
import { watermarksOf } from '../../src/journal/batch.js';
import { RowChanges } from '../../src/journal/row-changes.js';
import { settleDown, StoreRig, watch } from '../support/store.js';
import { entryOn, linesOf, recordAll, subjectsOf, verify } from './audit-fixture.js';

test('each record contains the hash of the one before it', async () => {
  const { store, journal } = await StoreRig.open();
  await recordAll(store, ['a', 'b']);
  const [first, second] = await journal.load('audit_records');
  if (first === undefined || second === undefined) throw new Error('there are no records');
  expect(first.hash).toBe(createHash('sha256').update(first.record).digest('hex'));
  expect(JSON.parse(first.record)).toMatchObject({ number: 1, previous: CHAIN_START.hash });
  expect(JSON.parse(second.record)).toMatchObject({ number: 2, previous: first.hash });
  expect(store.auditHead).toEqual({ number: 2, hash: second.hash });
});

test('acts that are written at the same time are chained in the order of their commits', async () => {
  const { store, journal } = await StoreRig.open();
  journal.hold();
  const ids = Array.from({ length: 20 }, (_, index) => String(index));
  const writing = ids.map((id) => recordAll(store, [id]));
  await settleDown();
  journal.letGo();
  await Promise.all(writing);
  const lines = await linesOf(journal);
  expect(subjectsOf(lines)).toEqual(ids);
  expect(verify(lines)).toMatchObject({ records: 20, flaw: null, head: store.auditHead });
});

test('an act whose commit fails leaves no record, and the next term goes on from what is stored', async () => {
  const rig = await StoreRig.open();
  await recordAll(rig.store, ['before']);
  rig.journal.failFromNowOn();
  const failed = watch(recordAll(rig.store, ['lost']));
  await settleDown();
  expect(failed.status).toBe('rejected');
  expect(rig.store.auditHead.number).toBe(1);
  await rig.restart();
  await recordAll(rig.store, ['after']);
  const lines = await linesOf(rig.journal);
  expect(subjectsOf(lines)).toEqual(['before', 'after']);
  expect(verify(lines)).toMatchObject({ records: 2, flaw: null });
});

test('rows that are never written leave no record', async () => {
  const { store, journal, clock } = await StoreRig.open();
  new AuditTrail(clock).record(new RowChanges(), entryOn('never'));
  await recordAll(store, ['a']);
  expect(subjectsOf(await linesOf(journal))).toEqual(['a']);
});

test('a term that goes on from an earlier state records which head that has', async () => {
  const rig = await StoreRig.open();
  await recordAll(rig.store, ['a']);
  const head = rig.store.auditHead;
  await rig.store.close();
  const server = await rig.journal.lead();
  const watermarks = { ...watermarksOf(server), lastSequence: 1_000, restoredAt: 1_000 };
  await rig.journal.commit({ epoch: server.epoch, watermarks, rows: new RowChanges() });
  await rig.restart();
  await rig.restart();
  const lines = await linesOf(rig.journal);
  expect(lines).toHaveLength(2);
  expect(JSON.parse(lines[1] ?? '')).toMatchObject({
    action: 'database.jump',
    actor: { kind: 'server' },
    era: 1_000,
    details: { goes_on_from: head },
  });
  expect(verify(lines).flaw).toBeNull();
});

test('half a surrogate pair does not make a record that other programs cannot read', async () => {
  const { store, journal } = await StoreRig.open();
  await recordAll(store, ['\ud800', '\0']);
  const lines = await linesOf(journal);
  expect(subjectsOf(lines)).toEqual(['\ufffd', '\0']);
  expect(verify(lines).flaw).toBeNull();
});
