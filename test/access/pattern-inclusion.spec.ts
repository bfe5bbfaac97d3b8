import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { LockPattern } from '../../src/access/patterns/lock-pattern.js';
import { includesPattern } from '../../src/access/patterns/pattern-inclusion.js';

test.each([
  ['*', 'billing/*'],
  ['billing/*', 'billing/nightly'],
  ['billing/*', 'billing/**'],
  ['billing/**', 'billing/*'],
  ['billing/*', 'billing/?'],
  ['billing/?', 'billing/a'],
  ['billing/?', 'billing/?'],
  ['a/**/b', 'a/b'],
  ['a/**/b', 'a/x/b'],
  ['a/**/b', 'a/*/b'],
  ['a/**/b', 'a/**/c/**/b'],
  ['*/nightly', 'billing/*/nightly'],
])('%s includes %s', (outer, inner) => {
  expect(includesPattern(outer, inner)).toBe(true);
});

test.each([
  ['billing/*', '*'],
  ['billing/*', 'billing'],
  ['billing/*', 'billing*'],
  ['billing/*', '**/billing/*'],
  ['billing/*', '?illing/*'],
  ['billing/?', 'billing/*'],
  ['billing/a', 'billing/?'],
  // A component `**` also stands for no component, and then there is no slash.
  ['*/x', '**/x'],
  ['a/*/b', 'a/**/b'],
  ['a/b', 'a/**/b'],
  ['a?b', 'a*b'],
  ['?', '**'],
])('%s does not include %s', (outer, inner) => {
  expect(includesPattern(outer, inner)).toBe(false);
});

const text = fc
  .array(fc.constantFrom('a', 'b', '/', '*', '?', '**/', '/**/'), { minLength: 1, maxLength: 7 })
  .map((parts) => parts.join(''));
const name = fc.array(fc.constantFrom('a', 'b', '/'), { maxLength: 8 }).map((parts) => parts.join(''));

test('a pattern that includes another one matches every name that the other one matches', () => {
  fc.assert(
    fc.property(text, text, fc.array(name, { minLength: 30, maxLength: 60 }), (outer, inner, names) => {
      if (!includesPattern(outer, inner)) return;
      const [wide, narrow] = [new LockPattern(outer), new LockPattern(inner)];
      expect(names.filter((each) => narrow.matches(each) && !wide.matches(each))).toEqual([]);
    }),
    { numRuns: 1_000 },
  );
});

function* allTexts(length: number, characters: string): Generator<string> {
  if (length === 0) yield '';
  else
    for (const rest of allTexts(length - 1, characters))
      for (const character of characters) yield rest + character;
}

test('small patterns are compared with all short names', () => {
  const names = [0, 1, 2, 3, 4].flatMap((length) => Array.from(allTexts(length, 'ab/')));
  const patterns = [1, 2, 3].flatMap((length) => Array.from(allTexts(length, 'a/*?')));
  const matched = patterns.map((pattern) => {
    const compiled = new LockPattern(pattern);
    return new Set(names.filter((each) => compiled.matches(each)));
  });
  const wrong: string[] = [];
  for (const [outer, wide] of matched.entries()) {
    for (const [inner, narrow] of matched.entries()) {
      if (!includesPattern(patterns[outer] ?? '', patterns[inner] ?? '')) continue;
      if ([...narrow].some((each) => !wide.has(each))) wrong.push(`${patterns[outer]} ${patterns[inner]}`);
    }
  }
  expect(wrong).toEqual([]);
});
