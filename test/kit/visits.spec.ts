import { describe, expect, test } from 'vitest';
import { EXCLUSIVE, SHARED, type Hold } from '../../src/core/model/demand.js';
import type { Visit } from '../../lab/kit/guard/visit.js';
import { Visits } from '../../lab/kit/guard/visits.js';

const slots = (...numbers: number[]): Hold => ({ mode: 'counted', limit: 3, slots: numbers });

const visit = (actor: string, token: number, hold: Hold = EXCLUSIVE, safeUntilMs = 1000): Visit => ({
  id: actor,
  actor,
  token,
  safeUntilMs,
  locks: [{ name: 'lock', hold }],
});

/** The violations after these visits, all of which come at 500 ms. */
function violationsOf(...come: readonly Visit[]): readonly string[] {
  const visits = new Visits();
  for (const one of come) visits.visit(one, 500);
  return visits.violations;
}

describe('what locks protect lets in', () => {
  test.each<[string, Visit[]]>([
    ['one holder, again and again', [visit('a', 1), visit('a', 1)]],
    ['readers, in any order', [visit('a', 2, SHARED), visit('b', 1, SHARED)]],
    ['holders of different slots, in any order', [visit('a', 2, slots(0)), visit('b', 1, slots(1, 2))]],
    [
      'the next holder, if the one before may have lost its lease',
      [visit('a', 1, EXCLUSIVE, 500), visit('b', 2)],
    ],
    [
      'a writer that goes on as a reader, with others',
      [visit('a', 1), visit('a', 1, SHARED), visit('b', 2, SHARED)],
    ],
  ])('%s', (_, come) => {
    expect(violationsOf(...come)).toEqual([]);
  });

  test('the next holder once the one before has left', () => {
    const visits = new Visits();
    visits.visit(visit('a', 1), 500);
    visits.leave('a');
    visits.visit(visit('b', 2), 501);
    expect(visits.violations).toEqual([]);
  });
});

describe('what locks protect notices', () => {
  test.each<[string, Visit[], string]>([
    ['two writers', [visit('a', 1), visit('b', 2)], 'b with token 2 has lock exclusive beside a (exclusive)'],
    [
      'a reader beside a writer',
      [visit('a', 1), visit('b', 2, SHARED)],
      'b with token 2 has lock shared beside a (exclusive)',
    ],
    [
      'a slot that two have',
      [visit('a', 1, slots(0, 1)), visit('b', 2, slots(1))],
      'b with token 2 has lock slots 1 of 3 beside a (slots 0 and 1 of 3)',
    ],
    [
      'a token of two leases',
      [visit('a', 1, SHARED), visit('b', 1, SHARED)],
      'b with token 1 has the token of another lease',
    ],
  ])('%s', (_, come, violation) => {
    expect(violationsOf(...come)).toEqual([violation]);
  });

  test.each<[string, Hold]>([
    ['lock', EXCLUSIVE],
    ['lock', SHARED],
    ['lock/1', slots(1)],
  ])('a token that falls at %s', (fence, hold) => {
    const visits = new Visits();
    const before = hold.mode === 'counted' ? slots(0, 1) : EXCLUSIVE;
    visits.visit(visit('a', 2, before), 500);
    visits.leave('a');
    visits.visit(visit('b', 1, hold), 500);
    expect(visits.violations).toEqual([`b with token 1 came although ${fence} had seen token 2`]);
  });
});

test('a late holder is turned away, and is not at fault', () => {
  const visits = new Visits();
  expect(visits.visit(visit('a', 1, EXCLUSIVE, 500), 500)).toBe('late');
  visits.visit(visit('b', 2), 500);
  expect(visits.visit(visit('a', 1, EXCLUSIVE, 499), 500)).toBe('late');
  expect(visits).toMatchObject({ violations: [], admitted: 1, late: 2, stale: 1 });
});
