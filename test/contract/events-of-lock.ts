import { expect, test } from 'vitest';
import type { Journal } from '../../src/journal/journal.js';
import type { Range } from '../../src/journal/range.js';
import { RowChanges } from '../../src/journal/row-changes.js';
import { loggedEvent } from '../support/store-rows.js';

interface Context {
  readonly journal: Journal;
  readonly commit: (rows: RowChanges) => Promise<void>;
}

/** How the journal reads the events of one lock. */
export function eventsOfLock(context: () => Context): void {
  test('is read by lock: its latest lease first, and the latest event of each lease first', async () => {
    const { journal, commit } = context();
    const rows = new RowChanges();
    const logged = [
      [11, 'x', 7],
      [12, 'y', 8],
      [13, 'x', 9],
      [14, 'x', 7],
      [15, 'x', 9],
      [16, 'x/y', 9],
    ] as const;
    for (const [sequence, lockName, fencingToken] of logged)
      rows.append(loggedEvent(sequence, { lockName, fencingToken }));
    await commit(rows);
    const ofX = async (range: Omit<Range, 'of'>): Promise<number[]> =>
      (await journal.page('events', 'of_lock', { of: 'x', ...range })).map(({ sequence }) => sequence);
    expect(await ofX({ isDescending: true, limit: 10 })).toEqual([15, 13, 14, 11]);
    expect(await ofX({ isDescending: true, limit: 3 })).toEqual([15, 13, 14]);
    expect(await ofX({ isDescending: true, limit: 10, before: 9 })).toEqual([14, 11]);
    expect(await ofX({ limit: 1, after: 6 })).toEqual([11]);
    expect(await journal.page('events', 'of_lock', { of: 'none', limit: 10 })).toEqual([]);
  });
}
