import { describe, expect, test } from 'vitest';
import { curlLine, path } from '../src/format/curl';
import { diffLines } from '../src/format/diff';
import { duration, left, relative } from '../src/format/time';
import { codeWords, count, modeWords, scopeWords } from '../src/format/words';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('times', () => {
  test.each([
    [0, '0 ms'],
    [839, '839 ms'],
    [1000, '1 s'],
    [59_999, '59 s'],
    [3 * MINUTE + 20 * SECOND, '3 min 20 s'],
    [2 * HOUR, '2 h'],
    [2 * DAY + 3 * HOUR + MINUTE, '2 d 3 h'],
  ])('%d ms is %s', (ms, words) => {
    expect(duration(ms)).toBe(words);
  });

  test.each([
    [12 * SECOND, 'in 12 s'],
    [-3 * MINUTE, '3 min ago'],
    [-45 * MINUTE - 30 * SECOND, '45 min ago'],
    [-20 * DAY, '20 d ago'],
    [300, 'now'],
  ])('%d ms away is %s', (distance, words) => {
    expect(relative(1_000_000_000_000 + distance, 1_000_000_000_000)).toBe(words);
  });

  test('nothing is left once the time has come', () => {
    expect(left(5000, 5000)).toBeNull();
    expect(left(5500, 5000)).toBe('1 s');
  });
});

describe('curl lines', () => {
  test('read the token from the environment, and encode the slashes of a name', () => {
    expect(curlLine('https://locks', { method: 'GET', path: path`/locks/${'a/b'}` })).toBe(
      `curl 'https://locks/locks/a%2Fb' -H "Authorization: Bearer $OCTOSTORE_TOKEN"`,
    );
  });

  test('survive what a person writes in a reason', () => {
    const line = curlLine('https://locks', {
      method: 'POST',
      path: '/locks/a/break',
      headers: { 'If-Match': '"7"' },
      body: { reason: `it's $(stuck)` },
    });
    expect(line).toContain(String.raw`-d '{"reason":"it'\''s $(stuck)"}'`);
    expect(line).toContain(`-H 'If-Match: "7"'`);
    expect(line).toMatch(/^curl -X POST /);
  });
});

describe('differences', () => {
  test('lines that stay are not mentioned twice', () => {
    expect(diffLines('a\nb\nc\nd', 'a\nc\nx\nd').map(({ kind, text }) => `${kind} ${text}`)).toEqual([
      'same a',
      'removed b',
      'same c',
      'added x',
      'same d',
    ]);
  });

  test('a text that was empty is added as a whole', () => {
    expect(diffLines('', 'a').map(({ kind }) => kind)).toEqual(['added']);
  });

  test('of the same text there are none', () => {
    expect(diffLines('a\nb', 'a\nb').every(({ kind }) => kind === 'same')).toBe(true);
  });
});

describe('words', () => {
  test('numbers agree with their nouns', () => {
    expect([count(1, 'lock'), count(2, 'lock'), count(0, 'lock')]).toEqual(['1 lock', '2 locks', '0 locks']);
  });

  test('modes say how many permits', () => {
    expect(modeWords({ mode: 'shared' })).toBe('shared');
    expect(modeWords({ mode: 'counted', limit: 4, slots: [0, 2] })).toBe('2 of 4');
  });

  test('codes and scopes are readable', () => {
    expect(codeWords('lock.break')).toBe('Lock: break');
    expect(scopeWords([{ may: ['acquire'], on: ['a/*'] }])).toBe('acquire on a/*');
    expect(scopeWords(null)).toBe('Everything you may do');
  });
});
