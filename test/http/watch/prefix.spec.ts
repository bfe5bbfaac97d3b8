import { describe, expect, test } from 'vitest';
import { ALICE, BOB } from '../../support/server.js';
import { SseStream, type SseFrame } from '../../support/sse.js';
import { acquire, HeldLocks, newName, useServer } from '../suite.js';

const suite = useServer({ MAX_LOCKS_PER_USER: '2000' });

function watch(query: string): Promise<SseStream> {
  return SseStream.open(`${suite.server.url}/watch${query}`, { token: BOB });
}

function locksOf({ data }: SseFrame): Record<string, unknown>[] {
  return data['locks'] as Record<string, unknown>[];
}

test('begins with the held locks, without lease ids', async () => {
  const prefix = newName('watched');
  const { token, leaseId } = await acquire(suite.alice, `${prefix}/a`, { metadata: 'm' });
  await acquire(suite.bob, `${prefix}/b`);
  const frame = await (await watch(`?prefix=${prefix}/`)).next();
  expect(frame).toMatchObject({ event: 'state', data: { complete: true } });
  expect(frame.id).toBeGreaterThan(0);
  const [first, second] = locksOf(frame);
  expect(first).toEqual({
    status: 'held',
    name: `${prefix}/a`,
    fencing_token: token,
    expires_at: expect.any(String),
    holder: 'alice',
    holder_id: expect.any(String),
    metadata: 'm',
    mode: 'exclusive',
  });
  expect(second).not.toHaveProperty('lease_id');
  expect(JSON.stringify(frame)).not.toContain(leaseId);
});

test('begins with an empty state if nothing is held', async () => {
  const frame = await (await watch(`?prefix=${newName('none')}/`)).next();
  expect(frame.data).toEqual({ locks: [], complete: true });
});

test('continues with the events under the prefix and nothing else', async () => {
  const prefix = newName('under');
  const stream = await watch(`?prefix=${prefix}/`);
  await stream.next();
  await acquire(suite.alice, prefix);
  await acquire(suite.alice, `${prefix}x/y`);
  const held = await acquire(suite.alice, `${prefix}/y`);
  await suite.alice.post(`/locks/${held.name}/release`, { lease_id: held.leaseId });
  const frames = await stream.take(2);
  expect(frames.map(({ event, data }) => [event, data['lock']])).toEqual([
    ['acquired', held.name],
    ['released', held.name],
  ]);
  expect(stream.waiting).toBe(0);
});

test.each(['', '?prefix='])('%s without a prefix covers all locks', async (query) => {
  const stream = await watch(query);
  await stream.next();
  const { name } = await acquire(suite.alice);
  expect((await stream.next()).data['lock']).toBe(name);
});

test('splits a large state, and only its last frame can be resumed from', async () => {
  const prefix = newName('large');
  const names = Array.from({ length: 1001 }, (_, index) => `${prefix}/${String(index).padStart(4, '0')}`);
  await new HeldLocks(suite.server).grant(names);
  const frames = await (await watch(`?prefix=${prefix}/`)).take(3);
  expect(frames.map(({ data }) => data['complete'])).toEqual([false, false, true]);
  expect(frames.map(({ id }) => id !== null)).toEqual([false, false, true]);
  expect(frames.flatMap(locksOf).map(({ name }) => name)).toEqual(names);
});

test('misses nothing while grants continue', async () => {
  const prefix = newName('busy');
  const names = Array.from({ length: 200 }, (_, index) => `${prefix}/${index}`);
  const grants = Promise.all(names.map((name) => acquire(suite.alice, name)));
  const stream = await watch(`?prefix=${prefix}/`);
  const seen = new Set(locksOf(await stream.next()).map(({ name }) => name));
  while (seen.size < names.length) {
    const { data } = await stream.next();
    expect(seen.has(data['lock'])).toBe(false);
    seen.add(data['lock']);
  }
  await grants;
});

describe('refuses', () => {
  test.each([
    ['a prefix of 257 characters', `?prefix=${'x'.repeat(257)}`],
    ['a prefix twice', '?prefix=a&prefix=b'],
    ['an unknown parameter', '?prefx=a'],
  ])('%s', async (_, query) => {
    await suite.expectRefusal('validation_failed', () => suite.alice.get(`/watch${query}`));
  });

  test.each(['abc', '-1', '1.5', '99999999999999999', '1e3', '0x1', '1 2'])(
    'Last-Event-ID of %s',
    async (id) => {
      const headers = { 'last-event-id': id };
      await suite.expectRefusal('validation_failed', () => suite.alice.get('/watch', { headers }));
    },
  );

  test('callers without a valid token', async () => {
    await suite.expectRefusal('unauthorized', () => suite.nobody.get('/watch'));
    await suite.expectRefusal('unauthorized', () => suite.nobody.get(`/locks/${newName()}/watch`));
  });
});

test('an empty Last-Event-ID is ignored', async () => {
  const stream = await SseStream.open(`${suite.server.url}/watch`, { token: ALICE, lastEventId: '' });
  expect((await stream.next()).event).toBe('state');
});
