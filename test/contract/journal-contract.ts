import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { LockName } from '../../src/core/model/lock-name.js';
import type { Selector } from '../../src/journal/event-query.js';
import { RowChanges } from '../../src/journal/row-changes.js';
import {
  TABLE_NAMES,
  TABLES,
  type ChangingTable,
  type TableName,
  type Tables,
} from '../../src/journal/tables.js';
import { PRUNED_AT_ONCE } from '../../src/journal/batch.js';
import type { Journal } from '../../src/journal/journal.js';
import {
  allSamples,
  deliveryRow,
  loggedEvent,
  leaseRow,
  SAMPLES,
  WATERMARKS,
} from '../support/store-rows.js';

const CHANGING_TABLES = TABLE_NAMES.filter((name): name is ChangingTable => name !== 'events');

/** An empty database of the storage backend, with what the contract needs to test it. */
export interface JournalFixture {
  /** Opens a journal on this database, which does not lead yet. The contract closes it. */
  connect(): Promise<Journal>;
  /** Starts a newer epoch from elsewhere while a journal is open. */
  depose(): Promise<void>;
  remove(): Promise<void>;
}

/** The behaviour that the store relies on, for every storage backend of the journal. */
export function journalContract(backend: string, prepare: () => Promise<JournalFixture>): void {
  describe(`the journal in ${backend}`, () => {
    let fixture: JournalFixture;
    let journal: Journal;
    let epoch: number;

    beforeEach(async () => {
      fixture = await prepare();
      onTestFinished(() => fixture.remove());
      await open();
    });

    async function open(): Promise<void> {
      journal = await fixture.connect();
      const opened = journal;
      onTestFinished(() => opened.close());
      epoch = (await journal.lead()).epoch;
    }

    async function reopen(): Promise<void> {
      await journal.close();
      await open();
    }

    function commit(rows: RowChanges, watermarks: Partial<typeof WATERMARKS> = {}): Promise<void> {
      return journal.commit({ epoch, watermarks: { ...WATERMARKS, ...watermarks }, rows });
    }

    async function load<T extends TableName>(table: T): Promise<Tables[T][]> {
      const keyOf = TABLES[table].keyOf as (row: Tables[T]) => string | number;
      return (await journal.load(table)).toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
    }

    async function sequences(after: number, limit: number): Promise<number[]> {
      return (await journal.page('events', 'key', { after, limit })).map(({ sequence }) => sequence);
    }

    async function page(webhookId: string, limit: number, before: number | null): Promise<number[]> {
      const range = { of: webhookId, limit, isDescending: true, ...(before === null ? {} : { before }) };
      return (await journal.page('deliveries', 'of_webhook', range)).map(({ sequence }) => sequence);
    }

    describe('when it is opened', () => {
      test('for the first time, it is empty and in its first epoch', async () => {
        const fresh = await prepare();
        onTestFinished(() => fresh.remove());
        const first = await fresh.connect();
        onTestFinished(() => first.close());
        expect(await first.lead()).toMatchObject({
          epoch: 1,
          lastFencingToken: 0,
          lastSequence: 0,
          prunedThrough: 0,
          restoredAt: 0,
          lastInstant: 0,
          bootId: null,
        });
        for (const table of TABLE_NAMES) expect(await first.load(table)).toEqual([]);
      });

      test('again, it begins a newer epoch each time', async () => {
        const epochs = [epoch];
        for (let times = 0; times < 3; times += 1) {
          await reopen();
          epochs.push(epoch);
        }
        expect(epochs).toEqual([1, 2, 3, 4]);
      });

      test('again, it has the watermarks of the last commit', async () => {
        await commit(new RowChanges(), { lastFencingToken: 100, bootId: 'one' });
        await commit(new RowChanges(), { lastFencingToken: 101, restoredAt: 4, bootId: null });
        await journal.close();
        const next = await fixture.connect();
        onTestFinished(() => next.close());
        const expected = { ...WATERMARKS, lastFencingToken: 101, restoredAt: 4, bootId: null };
        expect(await next.lead()).toMatchObject(expected);
      });
    });

    describe('a commit', () => {
      test.each(TABLE_NAMES)('keeps rows of %s, with and without their optional fields', async (table) => {
        await commit(allSamples());
        await reopen();
        const keyOf = TABLES[table].keyOf as (row: unknown) => string | number;
        const expected = [...SAMPLES[table]].toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
        expect(await load(table)).toEqual(expected);
      });

      test.each(CHANGING_TABLES)('removes rows of %s', async (table) => {
        await commit(allSamples());
        const keyOf = TABLES[table].keyOf as (row: unknown) => string | number;
        const [first, second] = SAMPLES[table];
        await commit(new RowChanges().remove(table, keyOf(first)));
        await reopen();
        expect(await load(table)).toEqual([second]);
      });

      test('replaces a row as a whole', async () => {
        await commit(new RowChanges().put('leases', leaseRow(1, { metadata: 'm', sessionId: 's' })));
        const renewed = leaseRow(1, { deadline: 9, ttlSeconds: 1 });
        await commit(new RowChanges().put('leases', renewed));
        expect(await load('leases')).toEqual([renewed]);
      });

      test('leaves the other rows as they are', async () => {
        await commit(new RowChanges().put('leases', leaseRow(1)).put('leases', leaseRow(2)));
        await commit(new RowChanges().remove('leases', 1).put('leases', leaseRow(3)));
        expect(await load('leases')).toEqual([leaseRow(2), leaseRow(3)]);
      });

      test('may add and remove a row in one batch, and remove a row that never existed', async () => {
        await commit(
          new RowChanges().put('leases', leaseRow(1)).remove('leases', 1).remove('sessions', 'none'),
        );
        expect(await load('leases')).toEqual([]);
      });

      test('may contain very many rows', async () => {
        const rows = new RowChanges();
        for (let token = 1; token <= 20_000; token += 1) rows.put('leases', leaseRow(token));
        await commit(rows);
        const all = new RowChanges();
        for (let token = 1; token <= 19_999; token += 1) all.remove('leases', token);
        await commit(all);
        expect(await load('leases')).toEqual([leaseRow(20_000)]);
      });

      test('stores all of its rows or none', async () => {
        await commit(new RowChanges().put('leases', leaseRow(1)));
        const broken = Object.assign(leaseRow(3), { lockName: null });
        const rows = new RowChanges()
          .put('leases', leaseRow(2))
          .put('leases', broken)
          .remove('leases', 1)
          .put('cursors', { reader: 'r', sequence: 1 });
        await expect(commit(rows, { lastFencingToken: 99 })).rejects.toBeInstanceOf(Error);
        expect(await load('leases')).toEqual([leaseRow(1)]);
        expect(await load('cursors')).toEqual([]);
        await journal.close();
        const next = await fixture.connect();
        onTestFinished(() => next.close());
        expect((await next.lead()).lastFencingToken).toBe(WATERMARKS.lastFencingToken);
      });

      test('can be read back completely, page by page, with any number of rows', async () => {
        const tokens = Array.from({ length: 12_345 }, (_, index) => 3 * index + 1);
        const rows = new RowChanges();
        for (const token of tokens) rows.put('leases', leaseRow(token));
        for (const token of tokens) rows.put('cursors', { reader: `reader ${token}`, sequence: token });
        await commit(rows);
        await reopen();
        const pages: number[][] = [];
        for await (const page of journal.pages('leases'))
          pages.push(page.map(({ fencingToken }) => fencingToken));
        expect(pages.length).toBeGreaterThan(1);
        expect(pages.flat()).toEqual(tokens);
        expect(new Set((await load('cursors')).map(({ sequence }) => sequence))).toEqual(new Set(tokens));
      });

      test('of an earlier term never commits', async () => {
        await commit(new RowChanges().put('leases', leaseRow(1)));
        await fixture.depose();
        const rows = new RowChanges().put('leases', leaseRow(2)).remove('leases', 1);
        await expect(commit(rows, { lastFencingToken: 99 })).rejects.toThrow('a newer term');
        await expect(commit(new RowChanges())).rejects.toThrow('a newer term');
        expect(await load('leases')).toEqual([leaseRow(1)]);
        await reopen();
        expect(epoch).toBe(3);
        await expect(commit(rows)).resolves.toBeUndefined();
      });

      test.each([
        ['quotes', `'"\`; drop table leases; --`],
        ['a backslash and escapes', String.raw`\ \n \u0000 %_`],
        ['control characters', '\u0001\t\r\n\u007f'],
        ['a NUL in the middle', 'before\u0000after'],
        ['a NUL at the end', 'before\u0000'],
        ['emoji and other scripts', '🦑 🇪🇺 日本語 ünïcode \u{10ffff}'],
        ['line separators', '\u2028\u2029\ufeff'],
        ['JSON', '{"a":[1,"2",null]}'],
        ['nothing', ''],
      ])('keeps text with %s', async (_, metadata) => {
        await commit(new RowChanges().put('leases', leaseRow(1, { metadata })));
        await reopen();
        expect(await load('leases')).toEqual([leaseRow(1, { metadata })]);
      });

      test('keeps text that looks like a number as text', async () => {
        const row = leaseRow(1, { metadata: '007', leaseId: '1e3', sessionId: 'null', userId: 'true' });
        const cursor = { reader: '1.0', sequence: 1 };
        await commit(new RowChanges().put('leases', row).put('cursors', cursor));
        expect(await load('leases')).toEqual([row]);
        await commit(new RowChanges().remove('cursors', '1'));
        expect(await load('cursors')).toEqual([cursor]);
        await commit(new RowChanges().remove('cursors', '1.0'));
        expect(await load('cursors')).toEqual([]);
      });

      test.each([2 ** 31, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER])('keeps the number %d', async (number) => {
        const row = leaseRow(number, { deadline: number });
        await commit(new RowChanges().put('leases', row), {
          lastFencingToken: number,
          lastInstant: number,
          monotonicOffset: -number,
        });
        await journal.close();
        const next = await fixture.connect();
        onTestFinished(() => next.close());
        expect(await next.lead()).toMatchObject({ lastFencingToken: number, monotonicOffset: -number });
        expect(await next.load('leases')).toEqual([row]);
        await next.commit({
          epoch: 2,
          watermarks: WATERMARKS,
          rows: new RowChanges().remove('leases', number),
        });
        expect(await next.load('leases')).toEqual([]);
      });
    });

    describe('the event log', () => {
      beforeEach(async () => {
        const rows = new RowChanges();
        for (const sequence of [3, 1, 2, 5, 4]) rows.append(loggedEvent(sequence));
        await commit(rows);
      });

      test('is read in order, from any sequence, up to the limit', async () => {
        expect(await sequences(0, 10)).toEqual([1, 2, 3, 4, 5]);
        expect(await sequences(2, 2)).toEqual([3, 4]);
        expect(await sequences(5, 10)).toEqual([]);
      });

      test('returns events as they were logged', async () => {
        await commit(new RowChanges().append(loggedEvent(6, { metadata: '"\u0000🦑', type: 'renewed' })));
        expect(await journal.page('events', 'key', { after: 5, limit: 1 })).toEqual([
          loggedEvent(6, { metadata: '"\u0000🦑', type: 'renewed' }),
        ]);
      });

      describe('can be searched', () => {
        const ALL = { after: 0, through: 100, scanMax: 100, limit: 100 } as const;
        const names = ['a', 'a/1', 'a0', 'b', 'A', 'a'];

        beforeEach(async () => {
          const rows = new RowChanges();
          for (const [index, lockName] of names.entries())
            rows.append(loggedEvent(index + 1, { lockName, metadata: 'm' }));
          await commit(rows);
        });

        async function find(
          selector: Selector,
          bounds: Partial<Record<keyof typeof ALL, number>> = {},
        ): Promise<[sequences: number[], through: number]> {
          const { events, through } = await journal.findEvents({ selector, ...ALL, ...bounds });
          return [events.map(({ sequence }) => sequence), through];
        }

        const lock = (name: string): Selector => ({ kind: 'lock', lockName: name as LockName });
        const prefix = (text: string): Selector => ({ kind: 'prefix', prefix: text });

        test('by the name of a lock', async () => {
          expect(await find(lock('a'))).toEqual([[1, 6], 100]);
          expect(await find(lock('c'))).toEqual([[], 100]);
        });

        test.each([
          ['', [1, 2, 3, 4, 5, 6]],
          ['a', [1, 2, 3, 6]],
          ['a/', [2]],
          ['a0', [3]],
          ['A', [5]],
          ['c', []],
          ['%', []],
          ['a\u0000', []],
          ['🦑', []],
        ])('by the prefix %j', async (text, expected) => {
          expect(await find(prefix(text))).toEqual([expected, 100]);
        });

        test('within a range of sequences', async () => {
          expect(await find(prefix('a'), { after: 1, through: 3 })).toEqual([[2, 3], 3]);
          expect(await find(prefix('a'), { after: 6, through: 6 })).toEqual([[], 6]);
        });

        test('and says how far it searched when it reaches a limit', async () => {
          expect(await find(prefix('a'), { limit: 2 })).toEqual([[1, 2], 2]);
          expect(await find(prefix('b'), { scanMax: 3 })).toEqual([[], 3]);
          expect(await find(prefix('b'), { scanMax: 3, after: 3 })).toEqual([[4], 6]);
          expect(await find(prefix('b'), { scanMax: 3, after: 6 })).toEqual([[], 100]);
        });

        test('and returns events as they were logged', async () => {
          const { events } = await journal.findEvents({ selector: lock('b'), ...ALL });
          expect(events).toEqual([loggedEvent(4, { lockName: 'b', metadata: 'm' })]);
        });
      });

      test('is pruned up to the given sequence, and no further', async () => {
        await commit(new RowChanges(), { prunedThrough: 3 });
        expect(await sequences(0, 10)).toEqual([4, 5]);
        await commit(new RowChanges(), { prunedThrough: 3 });
        expect(await sequences(0, 10)).toEqual([4, 5]);
      });
    });

    test('the event log is pruned in batches, so that pruning never makes a commit slow', async () => {
      const rows = new RowChanges();
      for (let sequence = 1; sequence <= 2 * PRUNED_AT_ONCE; sequence += 1)
        rows.append(loggedEvent(sequence));
      await commit(rows.append(loggedEvent(9_000_000)));
      const prunedThrough = 2 * PRUNED_AT_ONCE - 5;
      await commit(new RowChanges(), { prunedThrough });
      expect((await sequences(0, 1))[0]).toBe(PRUNED_AT_ONCE + 1);
      await commit(new RowChanges(), { prunedThrough });
      expect((await sequences(0, 1))[0]).toBe(prunedThrough + 1);
      await commit(new RowChanges(), { prunedThrough: 8_999_999 });
      expect(await sequences(0, 10)).toEqual([9_000_000]);
    });

    describe('deliveries', () => {
      beforeEach(async () => {
        const rows = new RowChanges();
        for (const sequence of [2, 1, 3]) rows.put('deliveries', deliveryRow('w1', sequence));
        await commit(rows.put('deliveries', deliveryRow('w2', 9)));
      });

      test('of one webhook are read newest first, page by page', async () => {
        expect(await page('w1', 10, null)).toEqual([3, 2, 1]);
        expect(await page('w1', 2, null)).toEqual([3, 2]);
        expect(await page('w1', 2, 2)).toEqual([1]);
        expect(await page('w2', 10, null)).toEqual([9]);
        expect(await page('w3', 10, null)).toEqual([]);
      });

      test('are found by their ids', async () => {
        expect(await journal.row('deliveries', 'w1-2')).toEqual(deliveryRow('w1', 2));
        expect(await journal.row('deliveries', 'none')).toBeNull();
      });
    });

    test('may be led again on the same connection, which ends the earlier term', async () => {
      await commit(new RowChanges().put('leases', leaseRow(1)));
      const next = await journal.lead();
      expect(next).toMatchObject({ ...WATERMARKS, epoch: epoch + 1 });
      await expect(commit(new RowChanges().remove('leases', 1))).rejects.toThrow('a newer term');
      epoch = next.epoch;
      await commit(new RowChanges().put('leases', leaseRow(2)));
      expect(await load('leases')).toEqual([leaseRow(1), leaseRow(2)]);
    });

    test('may be closed twice, and does nothing once closed', async () => {
      await journal.close();
      await journal.close();
      await expect((async () => commit(new RowChanges()))()).rejects.toThrow('not open');
      await expect((async () => journal.load('leases'))()).rejects.toThrow('not open');
    });
  });
}
