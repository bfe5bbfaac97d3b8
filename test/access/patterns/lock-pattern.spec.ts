import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isLockPattern, LockPattern } from '../../../src/access/patterns/lock-pattern.js';
import { matchesPlainly } from '../../support/plain-lock-pattern.js';

function matches(pattern: string, lockName: string): boolean {
  return new LockPattern(pattern).matches(lockName);
}

describe('the coverage of a pattern', () => {
  test.each([
    ['service/api', 'service/api'],
    ['service/*', 'service/a'],
    ['service/*', 'service/a/b'],
    ['*', 'a/b/c'],
    ['**', 'a/b/c'],
    ['*/leader', 'team/eu/leader'],
    ['a*c', 'abc'],
    ['a*c', 'ac'],
    ['a?c', 'a/c'],
    ['???', 'a/b'],
    ['a/**/b', 'a/b'],
    ['a/**/b', 'a/x/b'],
    ['a/**/b', 'a/x/y/b'],
    ['**/leader', 'leader'],
    ['**/leader', 'eu/leader'],
    ['a/**', 'a/b/c'],
    ['**/**/x', 'x'],
    ['*a*b*', 'xxaxxbxx'],
    ['a**b', 'a/x/b'],
  ])('%s covers %s', (pattern, lockName) => {
    expect(matches(pattern, lockName)).toBe(true);
  });

  test.each([
    ['service/api', 'service/api2'],
    ['service/api', 'Service/api'],
    ['service/*', 'service'],
    ['service/*', 'services/a'],
    ['?', 'ab'],
    ['a?', 'a'],
    ['*/leader', 'leader'],
    ['**/leader', 'eu/theleader'],
    ['a/**/b', 'a/xb'],
    ['a/**/b', 'ab'],
    ['*a', 'ab'],
    ['a.c', 'abc'],
  ])('%s does not cover %s', (pattern, lockName) => {
    expect(matches(pattern, lockName)).toBe(false);
  });
});

describe('a valid pattern', () => {
  test.each(['a', '*', 'service/*', 'a'.repeat(256), 'A-z_0.9/?'])('is %s', (text) => {
    expect(isLockPattern(text)).toBe(true);
  });

  test.each(['', 'a'.repeat(257), '[a-z]', '{a,b}', 'a b', 'é', 'a\n', '\\', '!a', 7, null])(
    'is not %j',
    (value) => {
      expect(isLockPattern(value)).toBe(false);
    },
  );
});

/** The definition, literally, as a table of all pairs of positions: slow, and plainly correct. */
function reference(pattern: string, lockName: string): boolean {
  const known = new Map<number, boolean>();
  const fits = (p: number, n: number): boolean => {
    const key = p * 1000 + n;
    const answer = known.get(key) ?? decide(p, n);
    known.set(key, answer);
    return answer;
  };
  const decide = (p: number, n: number): boolean => {
    if (p === pattern.length) return n === lockName.length;
    const endings = Array.from({ length: lockName.length - n + 1 }, (_, more) => n + more);
    if ((p === 0 || pattern[p - 1] === '/') && pattern.startsWith('**/', p)) {
      return endings.some((end) => (end === n || lockName[end - 1] === '/') && fits(p + 3, end));
    }
    if (pattern[p] === '*') return endings.some((end) => fits(p + 1, end));
    return n < lockName.length && (pattern[p] === '?' || pattern[p] === lockName[n]) && fits(p + 1, n + 1);
  };
  return fits(0, 0);
}

test('agrees with the definition on all kinds of short patterns and names', () => {
  const pattern = fc.array(fc.constantFrom('a', 'b', '/', '*', '**/', '?', '/**/'), { maxLength: 8 });
  const lockName = fc.array(fc.constantFrom('a', 'b', '/'), { maxLength: 9 });
  fc.assert(
    fc.property(pattern, lockName, (parts, characters) => {
      const text = parts.join('');
      const name = characters.join('');
      expect([text, name, matches(text, name)]).toEqual([text, name, reference(text, name)]);
    }),
    { numRuns: 20_000 },
  );
});

test('agrees with the plain matcher on long patterns and names', () => {
  const part = fc.constantFrom(
    'a',
    'b',
    'aa',
    'a/',
    '/b',
    '*',
    '**/',
    '/**/',
    '?',
    'aaaaaaaaa',
    '??????????',
    'ab?/',
  );
  const pattern = fc.array(part, { maxLength: 40, size: 'max' }).map((parts) => parts.join('').slice(0, 256));
  const namePart = fc.constantFrom(
    'a',
    'b',
    'aa',
    'a/',
    '/b',
    '/',
    'aaaaaaaaa',
    'aaaaaaaaaaaaaaaaab',
    'ab/a',
  );
  const lockName = fc
    .array(namePart, { maxLength: 60, size: 'max' })
    .map((parts) => parts.join('').slice(0, 256));
  let matched = 0;
  fc.assert(
    fc.property(pattern, lockName, (text, name) => {
      const answer = matches(text, name);
      if (answer) matched += 1;
      expect([text, name, answer]).toEqual([text, name, matchesPlainly(text, name)]);
    }),
    { numRuns: 20_000 },
  );
  expect(matched).toBeGreaterThan(100);
});

test('finds a part that was cut out of the name itself', () => {
  const name = fc
    .array(fc.constantFrom('a', 'b', '/', 'c'), { minLength: 1, maxLength: 256, size: 'max' })
    .map((characters) => characters.join(''));
  const cut = fc.record({ at: fc.nat(255), length: fc.nat(80), as: fc.constantFrom('*', '?', '') });
  fc.assert(
    fc.property(name, fc.array(cut, { maxLength: 6 }), (text, cuts) => {
      let pattern = text;
      for (const { at, length, as } of cuts) {
        const removed = pattern.slice(at, at + length);
        const put = as === '?' ? '?'.repeat(removed.length) : as;
        if (!removed.includes('*')) pattern = pattern.slice(0, at) + put + pattern.slice(at + length);
      }
      expect([pattern, text, matches(pattern, text)]).toEqual([pattern, text, matchesPlainly(pattern, text)]);
    }),
    { numRuns: 10_000 },
  );
});

describe('the cost', () => {
  const HOSTILE = [
    ['*a', 'a'.repeat(256)],
    ['*a', 'b'.repeat(256)],
    ['*?', 'a'.repeat(256)],
    ['**/', 'a/'.repeat(128)],
    ['**/a', 'a/'.repeat(128)],
    ['a*', 'a'.repeat(255)],
    ['?', 'a'.repeat(256)],
    ['a', 'a'.repeat(256)],
    ['?a', 'a'.repeat(256)],
  ] as const;

  /** A step of eight words for each character of the name, and one for each position of the pattern. */
  const BOUND = 256 * 8 + 256;

  test.each(HOSTILE)('stays within its bound for (%s) x k between wildcards', (part, lockName) => {
    for (let count = 1; count * part.length < 250; count += 1) {
      for (const pattern of [
        `${part.repeat(count)}b`,
        `*${part.repeat(count)}b*`,
        `*${part.repeat(count)}*b`,
      ]) {
        const cost = { steps: 0 };
        new LockPattern(pattern).matches(lockName, cost);
        expect(cost.steps, pattern).toBeLessThanOrEqual(BOUND);
      }
    }
  });

  test('is small if every position of the pattern accepts any character', () => {
    const cost = { steps: 0 };
    expect(new LockPattern(`*${'?'.repeat(127)}`).matches('a'.repeat(256), cost)).toBe(true);
    expect(cost.steps).toBeLessThanOrEqual(127);
  });

  test('is linear for one wildcard after another', () => {
    const cost = { steps: 0 };
    new LockPattern(`${'*'.repeat(255)}b`).matches('a'.repeat(256), cost);
    expect(cost.steps).toBeLessThan(1_000);
  });
});
