import { describe, expect, test } from 'vitest';
import { appendPage, applyEvent, newLevel, replacePage, type Level, type Page } from '../src/state/levels';
import { event, lease } from './lease';

function levelOf(page: Partial<Page>, { nested = false, prefix = '' } = {}): Level {
  return appendPage(newLevel(prefix, nested), { locks: [], next_cursor: null, ...page }, null);
}

const keys = ({ entries }: Level): string[] => entries.map(({ key }) => key);

function tokens(level: Level, key: string): number[] {
  const entry = level.entries.find((one) => one.key === key);
  return entry?.kind === 'lock' ? entry.leases.map(({ fencing_token }) => fencing_token) : [];
}

describe('pages', () => {
  test('the leases of a lock are one entry, also if a page ends between them', () => {
    const first = levelOf({ locks: [lease('a', 1), lease('b', 2)], next_cursor: 'next' });
    const both = appendPage(first, { locks: [lease('b', 3), lease('c', 4)], next_cursor: null }, 'next');
    expect(keys(both)).toEqual(['a', 'b', 'c']);
    expect(tokens(both, 'b')).toEqual([2, 3]);
  });

  test('folders and locks are in the order of their names', () => {
    const level = levelOf(
      { locks: [lease('a', 1), lease('c', 2)], prefixes: ['a/', 'b/'] },
      { nested: true },
    );
    expect(keys(level)).toEqual(['a', 'a/', 'b/', 'c']);
  });

  test('a page that is read again replaces what was known of its names, and nothing else', () => {
    const first = levelOf({ locks: [lease('a', 1), lease('b', 2)], next_cursor: 'next' });
    const both = appendPage(first, { locks: [lease('c', 3), lease('d', 4)], next_cursor: null }, 'next');
    const again = replacePage(both, { locks: [lease('a', 9)], next_cursor: 'next' }, null);
    expect(tokens(again, 'a')).toEqual([9]);
    expect(keys(again)).toEqual(['a', 'b', 'c', 'd']);
    const last = replacePage(again, { locks: [lease('d', 5)], next_cursor: null }, 'next');
    expect(keys(last)).toEqual(['a', 'b', 'd']);
    expect(tokens(last, 'd')).toEqual([5]);
  });
});

describe('events', () => {
  const level = levelOf({ locks: [lease('a', 1), lease('c', 2)] });

  test('a lock that is acquired appears in its place', () => {
    const after = applyEvent(level, event('acquired', 'b', 3, { metadata: 'worker-7' }));
    expect(keys(after)).toEqual(['a', 'b', 'c']);
    expect(after.entries[1]).toMatchObject({ leases: [{ holder: 'bob', metadata: 'worker-7' }] });
  });

  test('another lease of the same lock joins the first', () => {
    expect(tokens(applyEvent(level, event('acquired', 'a', 3, { mode: 'shared' })), 'a')).toEqual([1, 3]);
  });

  test.each(['released', 'expired', 'broken'] as const)(
    'a lock that is %s disappears with its last lease',
    (type) => {
      const two = applyEvent(level, event('acquired', 'a', 3, { mode: 'shared' }));
      const one = applyEvent(two, event(type, 'a', 1));
      expect(tokens(one, 'a')).toEqual([3]);
      expect(keys(applyEvent(one, event(type, 'a', 3)))).toEqual(['c']);
    },
  );

  test('a renewal changes when the lease ends', () => {
    const after = applyEvent(level, event('renewed', 'a', 1));
    expect(after.entries[0]).toMatchObject({ leases: [{ expires_at: '2026-01-01T12:01:00.000Z' }] });
  });

  test('an event that the page has already changes nothing that counts', () => {
    const once = applyEvent(level, event('acquired', 'b', 3));
    expect(tokens(applyEvent(once, event('acquired', 'b', 3)), 'b')).toEqual([3]);
    expect(applyEvent(level, event('released', 'a', 99))).toBe(level);
    expect(applyEvent(level, event('warning', 'a', 1))).toBe(level);
  });

  test('what lies beyond the last page that was read stays unknown', () => {
    const partial = levelOf({ locks: [lease('a', 1), lease('c', 2)], next_cursor: 'next' });
    expect(keys(applyEvent(partial, event('acquired', 'd', 3)))).toEqual(['a', 'c']);
    expect(keys(applyEvent(partial, event('acquired', 'b', 3)))).toEqual(['a', 'b', 'c']);
  });

  test('a lock further down makes its folder appear, once', () => {
    const nested = levelOf({ locks: [lease('x/a', 1)] }, { nested: true, prefix: 'x/' });
    const after = applyEvent(nested, event('acquired', 'x/y/z', 3));
    expect(keys(after)).toEqual(['x/a', 'x/y/']);
    expect(applyEvent(after, event('acquired', 'x/y/other', 4))).toBe(after);
    expect(applyEvent(after, event('acquired', 'elsewhere', 5))).toBe(after);
  });
});
