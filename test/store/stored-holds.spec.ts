import { describe, expect, test } from 'vitest';
import { EXCLUSIVE, SHARED, type Hold } from '../../src/core/model/demand.js';
import { USUAL_TERMS, type LeaseTerms } from '../../src/core/model/lease.js';
import type { LockName } from '../../src/core/model/lock-name.js';
import { UnusableRowError } from '../../src/journal/errors.js';
import { detailsFromColumn, storedDetails } from '../../src/journal/rows/event-details.js';
import { storedTerms, termsFromColumn } from '../../src/journal/rows/lease-terms.js';

const name = (text: string): LockName => text as LockName;
const COUNTED: Hold = { mode: 'counted', limit: 4, slots: [0, 3] };

describe('the terms of a lease', () => {
  test('are null for one exclusive lock, and come back as the constant that all such leases share', () => {
    expect(storedTerms(USUAL_TERMS)).toBeNull();
    expect(storedTerms({ hold: EXCLUSIVE, others: [] })).toBeNull();
    expect(termsFromColumn(null, 'a')).toBe(USUAL_TERMS);
  });

  test.each<LeaseTerms>([
    { hold: SHARED, others: [] },
    { hold: COUNTED, others: [] },
    { hold: EXCLUSIVE, others: [{ lockName: name('b'), hold: EXCLUSIVE }] },
    {
      hold: COUNTED,
      others: [
        { lockName: name('c/d'), hold: SHARED },
        { lockName: name('b'), hold: COUNTED },
      ],
    },
  ])('%j come back as they were', (terms) => {
    expect(termsFromColumn(storedTerms(terms), 'a')).toEqual(terms);
  });

  test.each([
    ['no JSON', '{'],
    ['something else', '"exclusive"'],
    ['nothing', 'null'],
    ['no hold', '{"others":[]}'],
    ['no others', '{"hold":{"mode":"shared"}}'],
    ['an unknown mode', '{"hold":{"mode":"mine"},"others":[]}'],
    ['no slots', '{"hold":{"mode":"counted","limit":2},"others":[]}'],
    ['an empty list of slots', '{"hold":{"mode":"counted","limit":2,"slots":[]},"others":[]}'],
    ['a slot twice', '{"hold":{"mode":"counted","limit":2,"slots":[1,1]},"others":[]}'],
    ['a slot beyond the limit', '{"hold":{"mode":"counted","limit":2,"slots":[2]},"others":[]}'],
    ['a slot below 0', '{"hold":{"mode":"counted","limit":2,"slots":[-1]},"others":[]}'],
    ['half a slot', '{"hold":{"mode":"counted","limit":2,"slots":[0.5]},"others":[]}'],
    ['a slot in words', '{"hold":{"mode":"counted","limit":2,"slots":["0"]},"others":[]}'],
    ['a limit of 0', '{"hold":{"mode":"counted","limit":0,"slots":[0]},"others":[]}'],
    ['a limit of 10001', '{"hold":{"mode":"counted","limit":10001,"slots":[0]},"others":[]}'],
    ['an invalid other', '{"hold":{"mode":"shared"},"others":[1]}'],
    ['an other without a name', '{"hold":{"mode":"shared"},"others":[{"hold":{"mode":"shared"}}]}'],
    ['an invalid name', '{"hold":{"mode":"shared"},"others":[{"lockName":"a b","hold":{"mode":"shared"}}]}'],
    ['an other without a hold', '{"hold":{"mode":"shared"},"others":[{"lockName":"b"}]}'],
    [
      'its own lock as another',
      '{"hold":{"mode":"shared"},"others":[{"lockName":"a","hold":{"mode":"shared"}}]}',
    ],
  ])('are refused with %s', (_, terms) => {
    const read = (): unknown => termsFromColumn(terms, 'a');
    expect(read).toThrow(UnusableRowError);
    expect(read).toThrow(
      'The database cannot be used: a row of the table "leases" is not valid. ' +
        'Put a backup in its place with "octostore restore FILE".',
    );
  });
});

describe('the details of an event', () => {
  test('are null for one exclusive lock', () => {
    const details = { hold: EXCLUSIVE, leaseLocks: [name('a')] };
    expect(storedDetails(details)).toBeNull();
    expect(detailsFromColumn(null, name('a'))).toEqual(details);
  });

  test.each([
    { hold: SHARED, leaseLocks: [name('a')] },
    { hold: COUNTED, leaseLocks: [name('b'), name('a')] },
    { hold: EXCLUSIVE, leaseLocks: [name('b'), name('a')] },
  ])('%j come back as they were', (details) => {
    expect(detailsFromColumn(storedDetails(details), name('a'))).toEqual(details);
  });

  test.each([
    ['no JSON', 'x'],
    ['no hold', '{"leaseLocks":["a"]}'],
    ['no locks', '{"hold":{"mode":"shared"}}'],
    ['an invalid name', '{"hold":{"mode":"shared"},"leaseLocks":[""]}'],
    ['something else than a name', '{"hold":{"mode":"shared"},"leaseLocks":[7]}'],
  ])('are refused with %s', (_, details) => {
    expect(() => detailsFromColumn(details, name('a'))).toThrow('a row of the table "events" is not valid');
  });
});
