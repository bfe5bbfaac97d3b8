import { InvalidArgumentError } from 'commander';
import { expect, test } from 'vitest';
import { seconds, wholeSeconds } from '../../src/cli/shared/durations.js';
import { fields, printable, table, toJson } from '../../src/cli/shared/output.js';

test.each([
  ['30', 30],
  ['30s', 30],
  ['5m', 300],
  ['1h', 3600],
  ['0', 0],
  ['1.5m', 90],
  ['0.25', 0.25],
])('%s is %d seconds', (text, expected) => {
  expect(seconds(text)).toBe(expected);
});

test.each(['', 's', '-1', '1d', '1 h', '1m30s', '0x10', '1e3', 'Infinity'])(
  '%j is not a duration',
  (text) => {
    expect(() => seconds(text)).toThrow(InvalidArgumentError);
  },
);

test('a TTL must be in whole seconds within the range of the API', () => {
  const ttl = wholeSeconds({ min: 10, max: 300 });
  expect([ttl('10'), ttl('5m')]).toEqual([10, 300]);
  for (const text of ['9', '301s', '10.5']) expect(() => ttl(text)).toThrow(/from 10s to 300s/);
});

test('tables are aligned, and show a dash for an empty cell', () => {
  expect(
    table(
      ['a', 'long heading'],
      [
        ['longer', null],
        ['x', 1],
      ],
    ),
  ).toBe('A       LONG HEADING\nlonger  -\nx       1');
  expect(fields({ one: 1, 'twenty two': new Date(0), left: undefined })).toBe(
    'one         1\ntwenty two  1970-01-01T00:00:00.000Z',
  );
});

test('JSON has the field names of the API', () => {
  const value = { leaseId: 'x', nested: [{ expiresAt: new Date(0), metadata: 'camelCase' }], none: null };
  expect(JSON.parse(toJson(value))).toEqual({
    lease_id: 'x',
    nested: [{ expires_at: '1970-01-01T00:00:00.000Z', metadata: 'camelCase' }],
    none: null,
  });
});

test('control characters are shown as escapes', () => {
  expect(printable('a\u001b[2Jb\r\nc\u0085\u202e é 日本')).toBe(
    'a\\u{1b}[2Jb\\u{d}\\u{a}c\\u{85}\\u{202e} é 日本',
  );
});

test('control characters are escaped in JSON, which keeps its value', () => {
  const text = 'a\u001b[2Jb\u007f\u0085\u202e\u2066\u2028\u{e0001} é 日本 "\\u202e"';
  const json = toJson({ metadata: text });
  expect(json).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  expect(JSON.parse(json)).toEqual({ metadata: text });
});
