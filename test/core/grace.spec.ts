import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  deadlineWithGraces,
  nextRecord,
  withGraces,
  type Grace,
  type GraceRecord,
} from '../../src/core/grace.js';
import { DurableRows } from '../../lab/kit/law/durable-rows.js';
import type { DurableState } from '../../src/core/recovery.js';
import { instant, Law } from '../support/law.js';

const G = 10;

function grace(lastInstant: number, now: number, seconds = G): Grace {
  return { lastInstant: instant(lastInstant), now: instant(now), seconds };
}

function record(began: number, ...graces: Grace[]): GraceRecord {
  return { began: instant(began), graces };
}

describe('with the grace of a take-over at 5,000, after a last commit at 1,000, a deadline', () => {
  test.each([
    { what: 'soon after that commit moves to the grace', deadline: 1_001, ttl: 60, becomes: 15_000 },
    { what: 'moves by the whole ttl if that is less', deadline: 1_001, ttl: 3, becomes: 8_000 },
    { what: 'that is later stays', deadline: 15_001, ttl: 60, becomes: 15_001 },
    { what: 'at that very commit stays', deadline: 1_000, ttl: 60, becomes: 1_000 },
    { what: 'before it stays', deadline: 999, ttl: 60, becomes: 999 },
  ])('$what', ({ deadline, ttl, becomes }) => {
    expect(deadlineWithGraces(instant(deadline), ttl, [grace(1_000, 5_000)])).toBe(becomes);
  });
});

describe('what a database holds', () => {
  function durableOf(law: Law): DurableState {
    const rows = new DurableRows();
    for (const change of law.changes) rows.write(change);
    return rows.load(0, 0);
  }

  test('is as it is without a grace', () => {
    const law = new Law();
    law.grant('a');
    const durable = durableOf(law);
    expect(withGraces(durable, [])).toBe(durable);
  });

  test('gets the time of a grace, if it was alive and would end earlier', () => {
    const law = new Law();
    law.openSession('s', 'ann', 10);
    const short = law.grant('short', { ttl: 5 });
    const long = law.grant('long', { ttl: 3_600 });
    const durable = durableOf(law);
    const takenOver = instant(law.now + 60_000);
    const extended = withGraces(durable, [grace(law.now, takenOver)]);
    expect([...extended.sessions]).toMatchObject([{ sessionId: 's', deadline: takenOver + 10_000 }]);
    const leases = [...extended.leases];
    expect(leases).toEqual([{ ...short, deadline: takenOver + 5_000 }, long]);
    expect(leases[1]).toBe([...durable.leases][1]);
    expect(extended.fences).toBe(durable.fences);
  });

  test('keeps the end of a session that has expired', () => {
    const law = new Law();
    law.openSession('s', 'ann', 10);
    law.advance(10_001);
    law.sweep();
    const durable = durableOf(law);
    const [expired] = durable.sessions;
    const { sessions } = withGraces(durable, [grace(0, law.now)]);
    expect([...sessions]).toEqual([expired]);
    expect(expired).toMatchObject({ state: 'expired' });
  });
});

describe('the next take-over', () => {
  test.each([
    { what: 'is the first', before: null, lastInstant: 1_000, graces: [grace(1_000, 20_000)] },
    {
      what: 'follows a leader that served for as long as the grace',
      before: record(1_000),
      lastInstant: 11_000,
      graces: [grace(11_000, 20_000)],
    },
    { what: 'follows one that served for less', before: record(1_000), lastInstant: 10_999, graces: [] },
    {
      what: 'follows one that crashed at once, and keeps the grace before it',
      before: record(9_000, grace(1_000, 9_000)),
      lastInstant: 9_500,
      graces: [grace(1_000, 9_000)],
    },
    {
      what: 'comes when no earlier grace matters',
      before: record(80_000, grace(1_000, 9_000)),
      lastInstant: 80_000,
      graces: [],
    },
  ])('gives and keeps what it should if it $what', ({ before, lastInstant, graces }) => {
    const now = instant(Math.max(20_000, lastInstant));
    expect(nextRecord(before, instant(lastInstant), now, G)).toEqual({ began: now, graces });
  });

  test('gives nothing if the grace is 0', () => {
    expect(nextRecord(null, instant(1), instant(2), 0)).toEqual(record(2));
  });
});

/** A history of leaders: how long each serves, in instants until its last commit, and how much later the next one begins. */
const TERMS = fc.array(
  fc.record({ servedMs: fc.integer({ min: 0, max: 40_000 }), outageMs: fc.integer({ min: 0, max: 8_000 }) }),
  { minLength: 1, maxLength: 12 },
);
const LEASE = fc.record({
  ttl: fc.integer({ min: 1, max: 60 }),
  /** When it was last renewed, counted from the start of the first term. */
  age: fc.integer({ min: 0, max: 40_000 }),
});

interface TakeOver {
  readonly lastInstant: number;
  readonly now: number;
  readonly graces: readonly Grace[];
  readonly isNew: boolean;
}

interface View extends TakeOver {
  readonly stored: number;
  readonly before: number;
  readonly deadline: number;
}

function takeOversOf(terms: readonly { servedMs: number; outageMs: number }[]): TakeOver[] {
  const takeOvers: TakeOver[] = [];
  let current = record(100_000);
  for (const { servedMs, outageMs } of terms) {
    const lastInstant = current.began + servedMs;
    const now = lastInstant + outageMs;
    current = nextRecord(current, instant(lastInstant), instant(now), G);
    const isNew = current.graces.at(-1)?.now === now;
    takeOvers.push({ lastInstant, now, graces: current.graces, isNew });
  }
  return takeOvers;
}

describe('through any history of take-overs', () => {
  /** For each take-over: the deadline of an unrenewed lease as its leader sees it, and as the leader before saw it. */
  function views(
    terms: readonly { servedMs: number; outageMs: number }[],
    lease: { ttl: number; age: number },
  ) {
    const first = terms[0]?.servedMs ?? 0;
    const stored = instant(100_000 + Math.min(lease.age, first) + lease.ttl * 1_000);
    const list: View[] = [];
    for (const takeOver of takeOversOf(terms)) {
      const deadline = deadlineWithGraces(stored, lease.ttl, takeOver.graces);
      list.push({ ...takeOver, stored, before: list.at(-1)?.deadline ?? stored, deadline });
    }
    return list;
  }

  test('nothing ends early, and nothing that a committed instant has passed revives', () => {
    fc.assert(
      fc.property(TERMS, LEASE, (terms, lease) => {
        let hasEnded = false;
        for (const { lastInstant, stored, before, deadline, now, isNew } of views(terms, lease)) {
          hasEnded ||= before < lastInstant;
          if (hasEnded) {
            expect(deadline).toBeLessThan(now + 1);
            continue;
          }
          expect(deadline).toBeGreaterThanOrEqual(stored);
          expect(deadline).toBeGreaterThanOrEqual(before);
          if (isNew && before > lastInstant) {
            expect(deadline).toBeGreaterThanOrEqual(now + 1_000 * Math.min(lease.ttl, G));
          }
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('a lease that is not renewed lives for its ttl, the outages and one grace at most', () => {
    fc.assert(
      fc.property(TERMS, LEASE, (terms, lease) => {
        let outages = 0;
        let hasEnded = false;
        for (const { lastInstant, now, stored, before, deadline } of views(terms, lease)) {
          hasEnded ||= before <= lastInstant;
          if (!hasEnded) outages += now - lastInstant;
          expect(deadline).toBeLessThanOrEqual(stored + outages + 1_000 * G);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('applying the graces again changes nothing, and a row that was written since is not touched', () => {
    fc.assert(
      fc.property(TERMS, LEASE, (terms, lease) => {
        for (const { graces, now, deadline } of views(terms, lease)) {
          expect(deadlineWithGraces(instant(deadline), lease.ttl, graces)).toBe(deadline);
          const renewed = instant(now + lease.ttl * 1_000);
          expect(deadlineWithGraces(renewed, lease.ttl, graces)).toBe(renewed);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('the list stays short', () => {
    fc.assert(
      fc.property(TERMS, (terms) => {
        for (const { graces } of takeOversOf(terms)) expect(graces.length).toBeLessThanOrEqual(8);
      }),
    );
  });
});

test('leaders that keep crashing extend nothing forever', () => {
  const crashes = Array.from({ length: 100 }, () => ({ servedMs: 9_000, outageMs: 3_000 }));
  const takeOvers = takeOversOf([{ servedMs: 20_000, outageMs: 3_000 }, ...crashes]);
  const stored = instant(121_000);
  const alive = takeOvers.filter(({ now, graces }) => deadlineWithGraces(stored, 60, graces) >= now);
  expect(alive.map(({ now }) => now)).toEqual([123_000]);
});
