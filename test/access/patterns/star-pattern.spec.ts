import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { StarPattern } from '../../../src/access/patterns/star-pattern.js';

/** The same by a regular expression, which is quick enough for short texts. */
function matchesPlainly(pattern: string, text: string): boolean {
  const source = pattern
    .split('*')
    .map((part) => part.replaceAll(/[.?+^$(){}|[\]\\]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${source}$`, 's').test(text);
}

describe('a pattern with stars', () => {
  test.each([
    ['repo:acme/*', 'repo:acme/app:ref:refs/heads/main', true],
    ['repo:acme/*', 'repo:acme-evil/app', false],
    ['repo:acme/*', 'repo:acme/', true],
    ['repo:*/app:*:main', 'repo:acme/app:ref:main', true],
    ['a*a', 'a', false],
    ['a*ba*', 'aba', true],
    ['ab*ba', 'aba', false],
    ['', '', true],
    ['*', '', true],
    // Other wildcards stand for themselves.
    ['repo:acme/ap?', 'repo:acme/app', false],
    ['a.c', 'abc', false],
  ])('%s and %s: %s', (pattern, text, expected) => {
    expect(new StarPattern(pattern).matches(text)).toBe(expected);
  });

  test('it means the same as the regular expression', () => {
    const text = fc.stringMatching(/^[ab/]{0,8}$/);
    const pattern = fc.stringMatching(/^[ab/*]{0,6}$/);
    fc.assert(
      fc.property(pattern, text, (stars, name) => {
        expect(new StarPattern(stars).matches(name)).toBe(matchesPlainly(stars, name));
      }),
    );
  });
});
