import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../support/manual-clock.js';
import { ApiContract } from '../../../lab/kit/http/schema.js';
import { ALICE, BOB } from '../../support/server.js';
import { SseStream } from '../../support/sse.js';
import { acquire, newName, useServer, type Granted } from '../suite.js';

const clock = new ManualClock();
const suite = useServer({}, clock);
const contract = ApiContract.load();

function watch(name: string, token = BOB): Promise<SseStream> {
  return SseStream.open(`${suite.server.url}/locks/${name}/watch`, { token });
}

function release({ name, leaseId }: Granted): Promise<unknown> {
  return suite.alice.post(`/locks/${name}/release`, { lease_id: leaseId });
}

test('a stream is Server-Sent Events that no proxy may cache or buffer', async () => {
  const stream = await watch(newName());
  expect(stream.status).toBe(200);
  expect(stream.header('content-type')).toBe('text/event-stream; charset=utf-8');
  expect(stream.header('cache-control')).toBe('no-store');
  expect(stream.header('x-accel-buffering')).toBe('no');
  expect(stream.header('x-request-id')).toMatch(/./);
});

describe('the first frame is the current state', () => {
  test('of a free lock', async () => {
    const { token } = await acquire(suite.alice);
    const name = newName();
    const { event, id, data } = await (await watch(name)).next();
    expect(event).toBe('state');
    expect(id).toBeGreaterThan(0);
    expect(contract.problemsWithSchema('LockState', data)).toEqual([]);
    expect(data).toEqual({
      status: 'available',
      name,
      message: 'Lock not currently held',
      fencing_token: token,
      waiters: 0,
    });
  });

  test('of a held lock, without its lease id even for its holder', async () => {
    const { name, token } = await acquire(suite.alice, newName(), { metadata: 'worker-7' });
    const { event, data } = await (await watch(name, ALICE)).next();
    expect(event).toBe('state');
    expect(contract.problemsWithSchema('LockState', data)).toEqual([]);
    const lease = {
      fencing_token: token,
      expires_at: new Date(clock.wallMs() + 60_000).toISOString(),
      holder: 'alice',
      holder_id: expect.any(String),
      metadata: 'worker-7',
    };
    const common = { status: 'held', name, mode: 'exclusive', waiters: 0, holder_count: 1 };
    expect(data).toEqual({ ...common, ...lease, holders: [lease] });
  });
});

describe('events follow', () => {
  test('in order, with increasing ids, each as documented', async () => {
    const name = newName();
    const stream = await watch(name);
    const start = await stream.next();
    const held = await acquire(suite.alice, name, { metadata: 'worker-7' });
    await suite.alice.post(`/locks/${name}/renew`, { lease_id: held.leaseId, ttl_seconds: 300 });
    await release(held);
    await acquire(suite.alice, name, { ttl_seconds: 1 });
    clock.advance(1001);
    const frames = await stream.take(5);
    expect(frames.map(({ event }) => event)).toEqual([
      'acquired',
      'renewed',
      'released',
      'acquired',
      'expired',
    ]);
    const ids = [start, ...frames].map(({ id }) => Number(id));
    expect(ids).toEqual([...new Set(ids)].toSorted((a, b) => a - b));
    for (const { event, id, data } of frames) {
      expect(contract.problemsWithSchema('LockEventBody', data)).toEqual([]);
      expect(data).toMatchObject({ event, sequence: id, lock: name });
    }
  });

  test('with the holder while the lock is held', async () => {
    const name = newName();
    const stream = await watch(name);
    await stream.next();
    const held = await acquire(suite.alice, name, { metadata: 'worker-7' });
    const expires_at = new Date(clock.wallMs() + 60_000).toISOString();
    await release(held);
    const [acquired, released] = await stream.take(2);
    expect(acquired?.data).toMatchObject({
      holder: 'alice',
      holder_id: expect.any(String),
      fencing_token: held.token,
      metadata: 'worker-7',
      expires_at,
      timestamp: new Date(clock.wallMs()).toISOString(),
    });
    expect(released?.data).toMatchObject({ holder_id: null, fencing_token: null });
    expect(JSON.stringify([acquired, released])).not.toContain(held.leaseId);
  });

  test('of this lock only', async () => {
    const name = newName();
    const stream = await watch(name);
    await stream.next();
    await acquire(suite.alice, `${name}/below`);
    await acquire(suite.alice, `${name}x`);
    await acquire(suite.alice, name);
    expect((await stream.next()).data['lock']).toBe(name);
    expect(stream.waiting).toBe(0);
  });

  test('but none for requests that changed nothing', async () => {
    const held = await acquire(suite.alice);
    const stream = await watch(held.name);
    await stream.next();
    await suite.alice.post(`/locks/${held.name}/acquire`, { ttl_seconds: 60 });
    await suite.bob.post(`/locks/${held.name}/acquire`, { ttl_seconds: 60 });
    await suite.bob.post(`/locks/${held.name}/release`, { lease_id: held.leaseId });
    await release(held);
    expect((await stream.next()).event).toBe('released');
  });

  test('with the grant to a waiter after the release that made it possible', async () => {
    const held = await acquire(suite.alice);
    const stream = await watch(held.name);
    await stream.next();
    const waiting = suite.bob.post(`/locks/${held.name}/acquire`, { ttl_seconds: 60, wait_seconds: 60 });
    await expect.poll(async () => (await suite.alice.get(`/locks/${held.name}`)).body['waiters']).toBe(1);
    await release(held);
    const [released, acquired] = await stream.take(2);
    expect([released?.event, acquired?.event]).toEqual(['released', 'acquired']);
    expect(acquired?.data['holder']).toBe('bob');
    await waiting;
  });

  test('to every watcher', async () => {
    const name = newName();
    const streams = await Promise.all(Array.from({ length: 5 }, () => watch(name)));
    for (const stream of streams) await stream.next();
    await acquire(suite.alice, name);
    for (const stream of streams) expect((await stream.next()).event).toBe('acquired');
  });

  test('also for a lock whose name has slashes, raw or encoded', async () => {
    const name = `${newName()}/a/watch`;
    const raw = await watch(name);
    const encoded = await watch(encodeURIComponent(name));
    for (const stream of [raw, encoded]) expect((await stream.next()).data['name']).toBe(name);
    await acquire(suite.alice, name);
    for (const stream of [raw, encoded]) expect((await stream.next()).data['lock']).toBe(name);
  });

  test('metadata with line breaks does not break a frame', async () => {
    const name = newName();
    const stream = await watch(name);
    await stream.next();
    const metadata = 'a\n\ndata: {"forged":true}\n\nevent: released\r\r';
    await acquire(suite.alice, name, { metadata });
    expect((await stream.next()).data).toMatchObject({ event: 'acquired', metadata });
  });
});
