import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LOCK_NAME_PATTERN, parseLockName } from '../../src/core/model/lock-name.js';

const component = 'c'.repeat(64);
const longest = `${component}/${component}/${component}/${'c'.repeat(61)}`;

describe('a lock name is accepted:', () => {
  const names = [
    'a',
    'A-Z_0.9',
    'billing/invoices/nightly',
    '...',
    'a/...',
    '.hidden',
    'a..b',
    '-',
    component,
  ];
  test.each([...names, longest, 'acquire', 'a/acquire', '__proto__', '0'])('%s', (name) => {
    expect(parseLockName(name)).toEqual({ ok: true, name });
  });
});

describe('a lock name is refused:', () => {
  const refused: [string, string, RegExp][] = [
    ['empty', '', /lock name .*empty/i],
    ['too long', `${longest}c`, /at most 256/],
    ['with a component that is too long', `a/${component}c`, /component .* at most 64/i],
    ['a dot', '.', /'\.' or '\.\.'/],
    ['two dots', '..', /'\.' or '\.\.'/],
    ['with a component of two dots', 'a/../b', /'\.' or '\.\.'/],
    ['with a dot at the end', 'a/.', /'\.' or '\.\.'/],
    ['with a slash at the start', '/a', /slashes/],
    ['with a slash at the end', 'a/', /slashes/],
    ['with two slashes', 'a//b', /slashes/],
    ['of a slash', '/', /slashes/],
    ['with a space', 'a b', /letters/],
    ['with a line break at the end', 'a\n', /letters/],
    ['with a percent sign', 'a%2Fb', /letters/],
    ['with a NUL', 'a\u0000b', /letters/],
    ['with a letter outside ASCII', 'bücher', /letters/],
    ['with a full-width letter', '\uff41', /letters/],
    ['with a lone surrogate', '\ud800', /letters/],
  ];
  test.each(refused)('%s', (_, name, problem) => {
    expect(parseLockName(name)).toEqual({ ok: false, problem: expect.stringMatching(problem) });
  });

  test('and the problem quotes nothing of what was sent', () => {
    const parsed = parseLockName('<script>secret</script>');
    expect(parsed).toMatchObject({ ok: false });
    expect(JSON.stringify(parsed)).not.toContain('script');
  });
});

function isPlain(item: string): boolean {
  const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-';
  return Array.from(item).every((letter) => letters.includes(letter));
}

function isComponent(item: string): boolean {
  return item.length >= 1 && item.length <= 64 && item !== '.' && item !== '..' && isPlain(item);
}

function isValid(name: string): boolean {
  return name.length <= 256 && name.split('/').every(isComponent);
}

test('the check and the documented pattern agree with the plain reading of the rule on any text', () => {
  const pattern = new RegExp(LOCK_NAME_PATTERN);
  const parts = fc.constantFrom(
    'a',
    'Z',
    '9',
    '.',
    '..',
    '_',
    '-',
    '/',
    '//',
    ' ',
    '%',
    '\n',
    'ä',
    component,
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(parts, { maxLength: 9 }).map((list) => list.join('')),
  );
  fc.assert(
    fc.property(text, (name) => {
      expect(parseLockName(name).ok).toBe(isValid(name));
      expect(pattern.test(name) && name.length <= 256).toBe(isValid(name));
    }),
    { numRuns: 2_000, seed: 1 },
  );
});

test('the documented pattern matches the worst text in linear time', () => {
  const pattern = new RegExp(LOCK_NAME_PATTERN);
  const before = process.cpuUsage().user;
  for (const hostile of [
    `${'a/'.repeat(200_000)}!`,
    `${'a'.repeat(400_000)}!`,
    `${'a.-/_'.repeat(80_000)}/`,
  ]) {
    expect(pattern.test(hostile)).toBe(false);
  }
  expect(process.cpuUsage().user - before).toBeLessThan(1_000_000);
});
