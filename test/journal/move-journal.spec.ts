import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { SystemClock } from '../../src/clock/system-clock.js';
import type { Batch } from '../../src/journal/batch.js';
import { moveJournal, CopyDiffersError, NotEmptyError } from '../../src/journal/copy/move-journal.js';
import type { Journal } from '../../src/journal/journal.js';
import { RowChanges } from '../../src/journal/row-changes.js';
import { TABLE_NAMES } from '../../src/journal/tables.js';
import { LockStore } from '../../src/store/lock-store.js';
import { openJournalAt } from '../support/journal.js';
import { SteeredJournal, STORE_OPTIONS } from '../support/store.js';
import { allSamples, leaseRow, loggedEvent, SAMPLES, WATERMARKS } from '../support/store-rows.js';
import { testFolder } from '../support/temp-folder.js';

async function open(): Promise<Journal> {
  const journal = await openJournalAt(join(testFolder(), 'octostore.db'));
  onTestFinished(() => journal.close());
  return journal;
}

/** A database with rows in every table. */
async function openFilled(): Promise<Journal> {
  const journal = await open();
  const { epoch } = await journal.lead();
  await journal.commit({ epoch, watermarks: WATERMARKS, rows: allSamples() });
  return journal;
}

describe('a copy', () => {
  test('has every row, and the counters', async () => {
    const [from, to] = [await openFilled(), await open()];
    const reported: string[] = [];
    const original = new Map(
      await Promise.all(TABLE_NAMES.map(async (t) => [t, await from.load(t)] as const)),
    );
    const copied = await moveJournal(from, to, {
      onTable: (table, rows) => reported.push(`${table} ${rows}`),
    });
    for (const table of TABLE_NAMES) expect(await to.load(table)).toEqual(original.get(table));
    expect(await to.lead()).toMatchObject(WATERMARKS);
    expect(reported).toEqual(TABLE_NAMES.map((table) => `${table} ${SAMPLES[table].length}`));
    expect(copied.server).toMatchObject(WATERMARKS);
  });

  test('may have more rows than one batch', async () => {
    const from = await open();
    const { epoch } = await from.lead();
    const rows = new RowChanges();
    for (let n = 1; n <= 12_000; n += 1) rows.put('leases', leaseRow(n)).append(loggedEvent(n));
    const watermarks = { ...WATERMARKS, lastFencingToken: 12_000, lastSequence: 12_000 };
    await from.commit({ epoch, watermarks, rows });
    const to = await open();
    const copied = await moveJournal(from, to);
    expect([copied.rows.get('leases'), copied.rows.get('events')]).toEqual([12_000, 12_000]);
    expect(await to.page('events', 'key', { limit: 1, isDescending: true })).toEqual([loggedEvent(12_000)]);
  });

  test('ends the terms of both, so that no server can write in the meantime', async () => {
    const from = await open();
    const { epoch } = await from.lead();
    await moveJournal(from, await open());
    await expect(from.commit({ epoch, watermarks: WATERMARKS, rows: new RowChanges() })).rejects.toThrow(
      'a newer term',
    );
  });

  test('leaves the original unusable, because two servers would issue the same tokens', async () => {
    const [from, to] = [await openFilled(), await open()];
    await moveJournal(from, to);
    await expect(LockStore.lead(from, new SystemClock(), STORE_OPTIONS)).rejects.toThrow('was moved');
    await expect(moveJournal(from, await open())).rejects.toThrow('was moved');
    expect((await to.lead()).lastFencingToken).toBe(WATERMARKS.lastFencingToken);
  });

  test('of an empty database is empty', async () => {
    const [from, to] = [await open(), await open()];
    const { rows } = await moveJournal(from, to);
    expect([...rows.values()].every((count) => count === 0)).toBe(true);
    expect(await to.lead()).toMatchObject({ lastFencingToken: 0, lastSequence: 0 });
  });

  test.each<[string, Partial<Batch>]>([
    ['rows', { rows: new RowChanges().put('cursors', { reader: 'r', sequence: 1 }) }],
    ['counters', { watermarks: { ...WATERMARKS, lastSequence: 0 } }],
    ['events', { rows: new RowChanges().append(loggedEvent(1)) }],
  ])('is refused if the database to copy to has %s', async (_, batch) => {
    const [from, to] = [await openFilled(), await open()];
    const { epoch } = await to.lead();
    const nothing = { ...WATERMARKS, lastFencingToken: 0, lastSequence: 0 };
    await to.commit({ epoch, watermarks: nothing, rows: new RowChanges(), ...batch });
    await expect(moveJournal(from, to)).rejects.toBeInstanceOf(NotEmptyError);
  });
});

describe('a copy that does not finish', () => {
  test('is not used by a server, nor continued by another copy', async () => {
    const [from, to] = [await openFilled(), await open()];
    await expect(moveJournal(from, failingAfter(to, 3))).rejects.toThrow('the connection is gone');
    await expect(LockStore.lead(to, new SystemClock(), STORE_OPTIONS)).rejects.toThrow('did not finish');
    await expect(moveJournal(from, to)).rejects.toThrow('migrate" to this database did not finish');
  });

  test('is refused if it differs from the original', async () => {
    const [from, to] = [await openFilled(), await open()];
    const forgetful = new SteeredJournal(to);
    forgetful.commit = ({ rows, ...batch }) => {
      const [first] = rows.of('leases').put;
      if (first !== undefined) rows.put('leases', { ...first, deadline: first.deadline + 1 });
      return to.commit({ ...batch, rows });
    };
    await expect(moveJournal(from, forgetful)).rejects.toBeInstanceOf(CopyDiffersError);
    await expect(LockStore.lead(to, new SystemClock(), STORE_OPTIONS)).rejects.toThrow('did not finish');
  });
});

/** A journal whose commits fail after some. */
function failingAfter(journal: Journal, commits: number): Journal {
  const steered = new SteeredJournal(journal);
  let left = commits;
  steered.commit = (batch) => {
    left -= 1;
    return left < 0 ? Promise.reject(new Error('the connection is gone')) : journal.commit(batch);
  };
  return steered;
}
