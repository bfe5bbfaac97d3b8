import { afterEach, describe, expect, test } from 'vitest';
import type { CheckedClient } from '../../../support/schema-client.js';
import { applyPolicy, policyText, removePolicy } from '../../access/policy-suite.js';
import { acquire, expectError, HeldLocks, newName, useServer } from '../../suite.js';

const suite = useServer({ MAX_LOCKS_PER_USER: '5000' });

interface Level {
  readonly locks: string[];
  readonly prefixes: unknown;
  readonly next: string | null;
}

/** One page of one level, with names relative to `prefix`. */
async function level(prefix: string, query = '', client: CheckedClient = suite.alice): Promise<Level> {
  const { status, body } = await client.get(`/locks?prefix=${prefix}&delimiter=/${query}`);
  expect(status).toBe(200);
  const relative = (name: string): string => name.slice(prefix.length);
  const locks = (body['locks'] as { name: string }[]).map(({ name }) => relative(name));
  expect(body['total']).toBe(locks.length);
  return {
    locks,
    prefixes: (body['prefixes'] as string[]).map(relative),
    next: body['next_cursor'] as string | null,
  };
}

async function hold(prefix: string, ...names: string[]): Promise<void> {
  for (const name of names) await acquire(suite.alice, prefix + name);
}

test('the locks below a further slash are one folder', async () => {
  const prefix = `${newName('tree')}/`;
  await hold(prefix, 'a', 'a/b', 'a/c/d', 'a.b', 'b/x', 'c');
  expect(await level(prefix)).toEqual({ locks: ['a', 'a.b', 'c'], prefixes: ['a/', 'b/'], next: null });
  expect(await level(`${prefix}a/`)).toEqual({ locks: ['b'], prefixes: ['c/'], next: null });
  expect(await level(prefix.slice(0, -1))).toEqual({ locks: [], prefixes: ['/'], next: null });
});

test('without a prefix, it is the top', async () => {
  const top = newName('top');
  await hold('', `${top}/a`, `${top}-lock`);
  const { body } = await suite.alice.get('/locks?delimiter=/');
  expect(body).toMatchObject({ prefix: null, prefixes: expect.arrayContaining([`${top}/`]) });
  expect((body['locks'] as { name: string }[]).map(({ name }) => name)).toContain(`${top}-lock`);
});

test('without a delimiter, there are no folders', async () => {
  expect((await suite.alice.get('/locks')).body).not.toHaveProperty('prefixes');
});

describe('pages', () => {
  const NAMES = ['a/1', 'a/2', 'b', 'c/1', 'd/1', 'd/2', 'e'];

  test.each([1, 2, 3, 4])('of %d entries show each entry once', async (limit) => {
    const prefix = `${newName('tree')}/`;
    await hold(prefix, ...NAMES);
    const seen: string[] = [];
    for (let query = ''; ;) {
      const { locks, prefixes, next } = await level(prefix, `&limit=${limit}${query}`);
      const entries = [...locks, ...(prefixes as string[])];
      expect(entries.length).toBeLessThanOrEqual(limit);
      seen.push(...entries.toSorted());
      if (next === null) break;
      query = `&cursor=${next}`;
    }
    expect(seen).toEqual(['a/', 'b', 'c/', 'd/', 'e']);
  });

  test('that end with the last folder have no next one', async () => {
    const prefix = `${newName('tree')}/`;
    await hold(prefix, 'a/1', 'a/2', 'a/3');
    expect(await level(prefix, '&limit=1')).toEqual({ locks: [], prefixes: ['a/'], next: null });
  });
});

test('with owner=me, the folders are those of your own locks', async () => {
  const prefix = `${newName('tree')}/`;
  await hold(prefix, 'a/1', 'b/1');
  await acquire(suite.bob, `${prefix}b/2`);
  await acquire(suite.bob, `${prefix}b/3`);
  await acquire(suite.bob, `${prefix}c`);
  expect(await level(prefix, '&owner=me', suite.bob)).toEqual({ locks: ['c'], prefixes: ['b/'], next: null });
});

test('a folder is that of locks that you may see', async () => {
  const prefix = `${newName('tree')}/`;
  await hold(prefix, 'a/seen', 'a/hidden', 'b/hidden', 'c/hidden', 'd/seen');
  const on = [`${prefix}a/seen`, `${prefix}d/seen`];
  await applyPolicy(suite, policyText({ to: 'static:bob', may: 'observe', on }));
  expect(await level(prefix, '', suite.bob)).toEqual({ locks: [], prefixes: ['a/', 'd/'], next: null });
  expect(await level(prefix, '&limit=2', suite.bob)).toMatchObject({ next: null });
});
afterEach(() => removePolicy(suite));

test('a folder of very many hidden locks is passed over', async () => {
  const prefix = `${newName('tree')}/`;
  const many = Array.from({ length: 1_000 }, (_, index) => `${prefix}a/${index}`);
  await new HeldLocks(suite.server).grant(many);
  await acquire(suite.alice, `${prefix}b/1`);
  await applyPolicy(suite, policyText({ to: 'static:bob', may: 'observe', on: [`${prefix}b/1`] }));
  expect(await level(prefix, '', suite.bob)).toEqual({ locks: [], prefixes: ['b/'], next: null });
});

test.each(['&delimiter=', '&delimiter=.', '&delimiter=/&cursor=Ly8', '&delimiter=/&cursor=YS8v'])(
  'refuses %s',
  async (query) => {
    expectError(await suite.alice.get(`/locks?prefix=a${query}`), 'validation_failed');
  },
);
