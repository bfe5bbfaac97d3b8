import { describe, expect, test } from 'vitest';
import { LOCK_EVENT_TYPES } from '../../src/core/model/event.js';
import { EVENT_LIST, typeFor, typesOf, type EventFilter } from '../../src/events/event-types.js';

describe('who wants', () => {
  test.each<[EventFilter[], Record<string, string>]>([
    [
      ['*'],
      {
        acquired: 'acquired',
        released: 'released',
        renewed: 'renewed',
        expired: 'expired',
        broken: 'expired',
      },
    ],
    [['expired'], { expired: 'expired', broken: 'expired' }],
    [['broken'], { broken: 'broken' }],
    [['expired', 'broken'], { expired: 'expired', broken: 'broken' }],
    [['acquired', 'released'], { acquired: 'acquired', released: 'released' }],
    [['release_requested'], { release_requested: 'release_requested' }],
    [
      ['*', 'broken', 'release_requested', 'warning'],
      Object.fromEntries(LOCK_EVENT_TYPES.map((type) => [type, type])),
    ],
  ])('%j gets each event under a type that it knows', (filters, expected) => {
    const types = typesOf(filters);
    const received = LOCK_EVENT_TYPES.flatMap((type) => {
      const shown = typeFor({ type }, types);
      return shown === null ? [] : [[type, shown]];
    });
    expect(Object.fromEntries(received)).toEqual(expected);
  });
});

test.each<[string, boolean]>([
  ['*', true],
  ['acquired', true],
  ['*,broken,release_requested', true],
  ['', false],
  ['acquired,', false],
  ['acquired, broken', false],
  ['stolen', false],
  ['ACQUIRED', false],
])('the list "%s" is valid: %s', (list, isValid) => {
  expect(new RegExp(EVENT_LIST.pattern, 'u').test(list)).toBe(isValid);
});
