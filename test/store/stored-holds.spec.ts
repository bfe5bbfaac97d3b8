import { describe, expect, test } from 'vitest';
import { EXCLUSIVE, SHARED, type Hold } from '../../src/core/model/demand.js';
import { USUAL_TERMS, type LeaseTerms } from '../../src/core/model/lease.js';
import { actorWith } from '../../src/core/model/event.js';
import type { FencingToken, Sequence, UserId } from '../../src/core/model/ids.js';
import type { LockName } from '../../src/core/model/lock-name.js';
import type { Instant } from '../../src/core/model/time.js';
import { UnusableRowError } from '../../src/journal/errors.js';
import type { LoggedEvent } from '../../src/journal/logged-event.js';
import {
  intrusionFrom,
  leaseDetailsFrom,
  storedDetails,
  type LeaseDetails,
} from '../../src/journal/rows/event-details.js';
import { storedTerms, termsFromColumn } from '../../src/journal/rows/lease-terms.js';

const name = (text: string): LockName => text as LockName;
const COUNTED: Hold = { mode: 'counted', limit: 4, slots: [0, 3] };

describe('the terms of a lease', () => {
  test('are null for one exclusive lock, and come back as the constant that all such leases share', () => {
    expect(storedTerms(USUAL_TERMS)).toBeNull();
    expect(storedTerms({ ...USUAL_TERMS })).toBeNull();
    expect(termsFromColumn(null, 'a')).toBe(USUAL_TERMS);
  });

  test.each<Partial<LeaseTerms>>([
    { hold: SHARED },
    { hold: COUNTED },
    { others: [{ lockName: name('b'), hold: EXCLUSIVE }] },
    { lockDelaySeconds: 60 },
    { keptUntil: -7 as Instant },
    {
      hold: COUNTED,
      lockDelaySeconds: 1,
      keptUntil: 0 as Instant,
      others: [
        { lockName: name('c/d'), hold: SHARED },
        { lockName: name('b'), hold: COUNTED },
      ],
    },
  ])('%j come back as they were', (unusual) => {
    const terms = { ...USUAL_TERMS, ...unusual };
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
    ['a delay below 0', '{"hold":{"mode":"shared"},"others":[],"lockDelaySeconds":-1}'],
    ['a delay above 60', '{"hold":{"mode":"shared"},"others":[],"lockDelaySeconds":61}'],
    ['a time in words', '{"hold":{"mode":"shared"},"others":[],"keptUntil":"now"}'],
    ['half a millisecond', '{"hold":{"mode":"shared"},"others":[],"keptUntil":0.5}'],
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

/** An event that says this about its lease. */
function eventWith(details: LeaseDetails): LoggedEvent<'released'> {
  const holder = { userId: 'ann' as UserId, sessionId: null };
  return {
    sequence: 1 as Sequence,
    at: 5,
    actor: { kind: 'user', userId: holder.userId },
    subject: { kind: 'lock', lockName: name('a') },
    type: 'released',
    body: { holder, fencingToken: 7 as FencingToken, metadata: null, ...details },
  };
}

describe('the details of an event', () => {
  const usual = { hold: EXCLUSIVE, leaseLocks: [name('a')] };

  test('are null for one exclusive lock', () => {
    expect(storedDetails(eventWith(usual))).toBeNull();
    expect(leaseDetailsFrom(null, name('a'))).toEqual(usual);
  });

  test.each<LeaseDetails>([
    { hold: SHARED, leaseLocks: [name('a')] },
    { hold: COUNTED, leaseLocks: [name('b'), name('a')] },
    { hold: EXCLUSIVE, leaseLocks: [name('b'), name('a')] },
  ])('%j come back as they were', (details) => {
    expect(leaseDetailsFrom(storedDetails(eventWith(details)), name('a'))).toEqual(details);
  });

  test.each([null, 'root' as UserId])('of a break by %s say who and why', (by) => {
    const { actor: _, ...event } = eventWith(usual);
    const actor = actorWith(by);
    const broken = { ...event, actor, type: 'broken', body: { ...event.body, reason: 'stuck' } } as const;
    expect(intrusionFrom(storedDetails(broken))).toEqual({ actor, text: 'stuck' });
    expect(leaseDetailsFrom(storedDetails(broken), name('a'))).toEqual(usual);
  });

  test.each([null, 'please'])('of a request to release say who and %s', (message) => {
    const { actor: _, ...event } = eventWith(usual);
    const actor = actorWith('bob' as UserId);
    const body = { ...event.body, expiresAt: 9, message };
    const requested = { ...event, actor, type: 'release_requested', body } as const;
    expect(intrusionFrom(storedDetails(requested))).toEqual({ actor, text: message });
  });

  test.each([
    ['no JSON', 'x'],
    ['no hold', '{"leaseLocks":["a"]}'],
    ['no locks', '{"hold":{"mode":"shared"}}'],
    ['an invalid name', '{"hold":{"mode":"shared"},"leaseLocks":[""]}'],
    ['something else than a name', '{"hold":{"mode":"shared"},"leaseLocks":[7]}'],
  ])('are refused with %s', (_, details) => {
    expect(() => leaseDetailsFrom(details, name('a'))).toThrow('a row of the table "events" is not valid');
  });

  test.each([
    ['nothing at all', null],
    ['no actor', '{"text":"stuck"}'],
    ['no text', '{"by":null}'],
    ['a number', '{"by":7,"text":null}'],
  ])('of a break are refused with %s', (_, details) => {
    expect(() => intrusionFrom(details)).toThrow('a row of the table "events" is not valid');
  });
});
