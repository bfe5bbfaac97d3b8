import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../../support/manual-clock.js';
import type { Reply } from '../../../../lab/kit/http/client.js';
import { acquire, newName, useServer } from '../../suite.js';

const clock = new ManualClock();
const suite = useServer({}, clock);

function locksOf({ body }: Reply): Record<string, unknown>[] {
  return body['locks'] as Record<string, unknown>[];
}

function namesOf(reply: Reply): unknown[] {
  return locksOf(reply).map(({ name }) => name);
}

/** A prefix that no other test uses, with locks under it. */
async function hold(...suffixes: string[]): Promise<string> {
  const prefix = newName('list/of');
  for (const suffix of suffixes) await acquire(suite.alice, `${prefix}/${suffix}`);
  return prefix;
}

test('describes the locks, with the lease id for the caller’s own', async () => {
  const prefix = newName('list/all');
  const own = await acquire(suite.alice, `${prefix}/a`, { metadata: 'worker-7' });
  const other = await acquire(suite.bob, `${prefix}/b`);
  const reply = await suite.alice.get(`/locks?prefix=${prefix}/`);
  expect(reply.status).toBe(200);
  expect(reply.body).toMatchObject({ total: 2, prefix: `${prefix}/`, next_cursor: null });
  const expires_at = new Date(clock.wallMs() + 60_000).toISOString();
  const common = { status: 'held', mode: 'exclusive', expires_at, holder_id: expect.any(String) };
  expect(locksOf(reply)).toEqual([
    {
      ...common,
      name: own.name,
      lease_id: own.leaseId,
      fencing_token: own.token,
      holder: 'alice',
      metadata: 'worker-7',
    },
    { ...common, name: other.name, fencing_token: other.token, holder: 'bob', metadata: null },
  ]);
});

test('never shows a lease id to anyone but its holder', async () => {
  const { leaseId } = await acquire(suite.alice);
  expect(JSON.stringify((await suite.bob.get('/locks')).body)).not.toContain(leaseId);
  expect(JSON.stringify((await suite.alice.get('/locks')).body)).toContain(leaseId);
});

test('is sorted by name, character by character', async () => {
  const prefix = await hold('b', 'a/b', 'a', 'B', 'a.b', 'a-b', '_', '9', 'ab');
  const names = namesOf(await suite.bob.get(`/locks?prefix=${prefix}/`));
  const suffixes = ['b', 'a/b', 'a', 'B', 'a.b', 'a-b', '_', '9', 'ab'].toSorted();
  expect(names).toEqual(suffixes.map((suffix) => `${prefix}/${suffix}`));
});

test('without a filter has every lock and a null prefix', async () => {
  const { name } = await acquire(suite.bob);
  const { body } = await suite.alice.get('/locks');
  expect(body['prefix']).toBeNull();
  expect(namesOf(await suite.alice.get('/locks'))).toContain(name);
  expect(body['total']).toBe((body['locks'] as unknown[]).length);
});

test('omits free locks, released or expired', async () => {
  const prefix = newName('list/gone');
  const released = await acquire(suite.alice, `${prefix}/released`);
  await acquire(suite.alice, `${prefix}/expired`, { ttl_seconds: 1 });
  await acquire(suite.alice, `${prefix}/held`);
  await suite.alice.post(`/locks/${released.name}/release`, { lease_id: released.leaseId });
  clock.advance(1001);
  expect(namesOf(await suite.alice.get(`/locks?prefix=${prefix}`))).toEqual([`${prefix}/held`]);
});

describe('prefix', () => {
  test('is literal text, not a pattern, and need not end at a slash', async () => {
    const prefix = await hold('abc', 'abd', 'a.c');
    const list = async (suffix: string) => namesOf(await suite.bob.get(`/locks?prefix=${prefix}/${suffix}`));
    expect(await list('ab')).toEqual([`${prefix}/abc`, `${prefix}/abd`]);
    expect(await list('a.')).toEqual([`${prefix}/a.c`]);
    expect(await list('a%25')).toEqual([]);
    expect(await list('*')).toEqual([]);
    expect(await list('AB')).toEqual([]);
    expect(await list('abc')).toEqual([`${prefix}/abc`]);
  });

  test('may be empty', async () => {
    const { status, body } = await suite.alice.get('/locks?prefix=');
    expect(status).toBe(200);
    expect(body['prefix']).toBe('');
  });

  test('may be percent-encoded', async () => {
    const prefix = await hold('x');
    const reply = await suite.bob.get(`/locks?prefix=${encodeURIComponent(`${prefix}/`)}`);
    expect(namesOf(reply)).toEqual([`${prefix}/x`]);
    expect(reply.body['prefix']).toBe(`${prefix}/`);
  });
});

describe('owner=me', () => {
  test('lists only the locks of the caller', async () => {
    const prefix = newName('list/mine');
    await acquire(suite.alice, `${prefix}/a`);
    await acquire(suite.bob, `${prefix}/b`);
    const mine = await suite.alice.get(`/locks?owner=me&prefix=${prefix}/`);
    expect(namesOf(mine)).toEqual([`${prefix}/a`]);
    const all = namesOf(await suite.bob.get('/locks?owner=me'));
    expect(all).toContain(`${prefix}/b`);
    expect(all).not.toContain(`${prefix}/a`);
  });
});

describe('pages', () => {
  const suffixes = Array.from({ length: 7 }, (_, index) => `l${index}`);

  async function walk(query: string): Promise<{ names: unknown[]; sizes: number[] }> {
    const names: unknown[] = [];
    const sizes: number[] = [];
    let cursor: string | null = null;
    do {
      const next = cursor === null ? '' : `&cursor=${cursor}`;
      const reply = await suite.bob.get(`/locks?${query}${next}`);
      names.push(...namesOf(reply));
      sizes.push(Number(reply.body['total']));
      cursor = reply.body['next_cursor'] as string | null;
    } while (cursor !== null);
    return { names, sizes };
  }

  test('together have each lock once, in order', async () => {
    const prefix = await hold(...suffixes);
    const all = suffixes.map((suffix) => `${prefix}/${suffix}`);
    expect(await walk(`prefix=${prefix}/&limit=3`)).toEqual({ names: all, sizes: [3, 3, 1] });
    expect(await walk(`prefix=${prefix}/&limit=7`)).toEqual({ names: all, sizes: [7] });
    expect((await walk(`prefix=${prefix}/&limit=1`)).names).toEqual(all);
  });

  test('of the caller’s own locks do as well', async () => {
    const prefix = newName('list/own');
    for (const suffix of suffixes) await acquire(suite.bob, `${prefix}/${suffix}`);
    const { names } = await walk(`prefix=${prefix}/&limit=2&owner=me`);
    expect(names).toEqual(suffixes.map((suffix) => `${prefix}/${suffix}`));
  });

  test('continue in the right place if the last lock of a page is released', async () => {
    const prefix = await hold('a', 'b', 'c', 'd');
    const first = await suite.alice.get(`/locks?prefix=${prefix}/&limit=2`);
    const border = locksOf(first)[1];
    await suite.alice.post(`/locks/${String(border?.['name'])}/release`, { lease_id: border?.['lease_id'] });
    const second = await suite.alice.get(
      `/locks?prefix=${prefix}/&limit=2&cursor=${String(first.body['next_cursor'])}`,
    );
    expect(namesOf(second)).toEqual([`${prefix}/c`, `${prefix}/d`]);
  });
});

describe('refuses with validation_failed', () => {
  test.each([
    ['limit of 0', 'limit=0'],
    ['limit beyond 10000', 'limit=10001'],
    ['limit that is not a number', 'limit=ten'],
    ['limit that is a fraction', 'limit=1.5'],
    ['limit in hexadecimal', 'limit=0x10'],
    ['limit below zero', 'limit=-1'],
    ['an empty limit', 'limit='],
    ['limit twice', 'limit=1&limit=2'],
    ['an owner other than me', 'owner=bob'],
    ['an empty cursor', 'cursor='],
    ['a malformed cursor', 'cursor=!!'],
    ['a cursor of an invalid name', `cursor=${Buffer.from('../x').toString('base64url')}`],
    ['prefix twice', 'prefix=a&prefix=b'],
    ['prefix as a list', 'prefix[]=a'],
    ['a prefix of 257 characters', `prefix=${'x'.repeat(257)}`],
    ['an unknown parameter', 'ower=me'],
    ['a parameter of an object', '__proto__[x]=1'],
  ])('%s', async (_, query) => {
    await suite.expectRefusal('validation_failed', () => suite.alice.get(`/locks?${query}`));
  });
});

test('callers without a valid token are refused', async () => {
  await suite.expectRefusal('unauthorized', () => suite.nobody.get('/locks'));
});
