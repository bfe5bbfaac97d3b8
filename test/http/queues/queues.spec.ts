import { describe, expect, test } from 'vitest';
import type { Reply } from '../../../lab/kit/http/client.js';
import { ManualClock } from '../../support/manual-clock.js';
import type { CheckedClient } from '../../support/schema-client.js';
import { acquire, expectError, newLeaseId, newName, useServer } from '../suite.js';

const clock = new ManualClock();
const suite = useServer({}, clock);

interface Waiting {
  readonly lease_id: string;
  readonly answer: Promise<Reply>;
}

/** Joins the line of a lock, and resolves once the line has `length` waiters. */
async function join(
  client: CheckedClient,
  name: string,
  length: number,
  body: object = {},
  signal?: AbortSignal,
): Promise<Waiting> {
  const lease_id = newLeaseId();
  const request = { ttl_seconds: 60, wait_seconds: 60, lease_id, ...body };
  const answer = client.post(`/locks/${name}/acquire`, request, signal === undefined ? {} : { signal });
  answer.catch(() => undefined);
  await expect.poll(async () => (await suite.alice.get(`/queues/${name}`)).body['waiters']).toBe(length);
  return { lease_id, answer };
}

describe('GET /queues/{name}', () => {
  test('shows the line in order of arrival, with the viewer’s own lease ids only', async () => {
    const { name } = await acquire(suite.alice, `${newName()}/with/slashes`);
    const since = new Date(clock.wallMs()).toISOString();
    const own = await join(suite.alice, name, 1, { mode: 'shared' });
    await join(suite.bob, name, 2, { limit: 5, permits: 2 });
    const { status, body } = await suite.alice.get(`/queues/${name}`);
    expect(status).toBe(200);
    const common = { holder_id: expect.any(String), since, asking: true };
    expect(body).toEqual({
      name,
      waiters: 2,
      total: 2,
      queue: [
        { ...common, position: 1, holder: 'alice', mode: 'shared', lease_id: own.lease_id },
        { ...common, position: 2, holder: 'bob', mode: 'counted', limit: 5, permits: 2, lease_id: null },
      ],
    });
    expect((await suite.bob.get(`/queues/${encodeURIComponent(name)}`)).body).toMatchObject({
      name,
      queue: [{ lease_id: null }, { lease_id: expect.any(String) }],
    });
  });

  test('is empty for a lock that no one waits for', async () => {
    const name = newName();
    expect((await suite.bob.get(`/queues/${name}`)).body).toEqual({ name, waiters: 0, total: 0, queue: [] });
  });

  test('shows a place that is only kept, for 15 seconds after the wait', async () => {
    const { name } = await acquire(suite.alice, newName(), { ttl_seconds: 300 });
    const { answer } = await join(suite.bob, name, 1, { wait_seconds: 5 });
    clock.advance(5_001);
    expect((await answer).body).toMatchObject({ code: 'lock_held', position: 1, waiters: 0 });
    const { body } = await suite.bob.get(`/queues/${name}`);
    expect(body).toMatchObject({
      waiters: 0,
      total: 1,
      queue: [{ position: 1, asking: false, holder: 'bob' }],
    });
    clock.advance(15_001);
    await expect.poll(async () => (await suite.bob.get(`/queues/${name}`)).body['total']).toBe(0);
  });
});

describe('a place in line', () => {
  test('is kept after a disconnect, and taken up again with the same lease id', async () => {
    const held = await acquire(suite.alice, newName(), { ttl_seconds: 300 });
    const { name } = held;
    const connection = new AbortController();
    const first = await join(suite.bob, name, 1, {}, connection.signal);
    await join(suite.alice, name, 2);
    connection.abort();
    await expect.poll(async () => (await suite.bob.get(`/queues/${name}`)).body['waiters']).toBe(1);
    expect((await suite.bob.get(`/queues/${name}`)).body).toMatchObject({ total: 2 });
    const again = suite.bob.post(`/locks/${name}/acquire`, {
      ttl_seconds: 60,
      wait_seconds: 60,
      lease_id: first.lease_id,
    });
    await expect.poll(async () => (await suite.bob.get(`/queues/${name}`)).body['waiters']).toBe(2);
    expect((await suite.bob.get(`/queues/${name}`)).body).toMatchObject({
      queue: [{ holder: 'bob', position: 1, asking: true }, { holder: 'alice' }],
    });
    await suite.alice.post(`/locks/${name}/release`, { lease_id: held.leaseId });
    expect((await again).body).toMatchObject({ status: 'acquired', lease_id: first.lease_id });
  });

  test('is passed over while no one asks for it', async () => {
    const held = await acquire(suite.alice, newName(), { ttl_seconds: 300 });
    const { name } = held;
    const connection = new AbortController();
    await join(suite.bob, name, 1, {}, connection.signal);
    const second = await join(suite.alice, name, 2);
    connection.abort();
    await expect.poll(async () => (await suite.bob.get(`/queues/${name}`)).body['waiters']).toBe(1);
    await suite.alice.post(`/locks/${name}/release`, { lease_id: held.leaseId });
    expect((await second.answer).body).toMatchObject({ status: 'acquired', lease_id: second.lease_id });
  });
});

describe('DELETE /queues/{name}/{lease_id}', () => {
  test('gives up a place that is asked for, whose client gets a 409 without a place', async () => {
    const { name } = await acquire(suite.alice, `${newName()}/with/slashes`);
    const { lease_id, answer } = await join(suite.bob, name, 1);
    const { status, body } = await suite.bob.delete(`/queues/${name}/${lease_id.toUpperCase()}`);
    expect([status, body]).toEqual([200, { status: 'left', message: 'You left the line' }]);
    const reply = await answer;
    expectError(reply, 'lock_held');
    expect(reply.body).not.toHaveProperty('position');
    expect((await suite.bob.get(`/queues/${name}`)).body).toMatchObject({ waiters: 0, total: 0 });
  });

  test('gives up a place that is only kept, also under the encoded name', async () => {
    const { name } = await acquire(suite.alice, `${newName()}/a`, { ttl_seconds: 300 });
    const { lease_id, answer } = await join(suite.bob, name, 1, { wait_seconds: 1 });
    clock.advance(1_001);
    await answer;
    expect((await suite.bob.delete(`/queues/${encodeURIComponent(name)}/${lease_id}`)).status).toBe(200);
    expect((await suite.bob.get(`/queues/${name}`)).body).toMatchObject({ total: 0 });
  });

  test('refuses someone else’s place, another lock, and an unknown id', async () => {
    const { name } = await acquire(suite.alice);
    const { lease_id } = await join(suite.bob, name, 1);
    for (const path of [`${newName()}/${lease_id}`, `${name}/${newLeaseId()}`, `${name}/nonsense`])
      await suite.expectRefusal('place_not_found', () => suite.bob.delete(`/queues/${path}`));
    await suite.expectRefusal('place_not_found', () => suite.alice.delete(`/queues/${name}/${lease_id}`));
    expect((await suite.bob.delete(`/queues/${name}/${lease_id}`)).status).toBe(200);
  });
});
