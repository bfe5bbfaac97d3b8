import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../../support/manual-clock.js';
import type { Reply } from '../../../../lab/kit/http/client.js';
import {
  acquire,
  expectError,
  newLeaseId,
  newName,
  openSession,
  useServer,
  type Granted,
} from '../../suite.js';

const clock = new ManualClock();
const suite = useServer({}, clock);

/** Waits in line for a lock on a new connection, and resolves once the line has `length` waiters. */
async function queue(
  name: string,
  length: number,
  body: Record<string, unknown> = {},
  signal?: AbortSignal,
): Promise<{ answer: Promise<Reply> }> {
  const request = { ttl_seconds: 60, wait_seconds: 60, lease_id: newLeaseId(), ...body };
  const answer = suite.bob.post(`/locks/${name}/acquire`, request, signal === undefined ? {} : { signal });
  answer.catch(() => undefined);
  await expectWaiters(name, length);
  return { answer };
}

async function expectWaiters(name: string, length: number): Promise<void> {
  await expect.poll(async () => (await suite.alice.get(`/locks/${name}`)).body['waiters']).toBe(length);
}

function release({ name, leaseId }: Granted): Promise<Reply> {
  return suite.alice.post(`/locks/${name}/release`, { lease_id: leaseId });
}

describe('a waiter', () => {
  test('gets the lock the moment it is released; its lease starts at the grant', async () => {
    const held = await acquire(suite.alice);
    const { answer } = await queue(held.name, 1, { metadata: 'second' });
    clock.advance(20_000);
    await release(held);
    const { status, body } = await answer;
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: 'acquired',
      holder: 'bob',
      metadata: 'second',
      expires_at: new Date(clock.wallMs() + 60_000).toISOString(),
    });
    expect(body['fencing_token']).toBeGreaterThan(held.token);
  });

  test('gets the lock the moment it expires', async () => {
    const held = await acquire(suite.alice, newName(), { ttl_seconds: 5 });
    const { answer } = await queue(held.name, 1);
    clock.advance(5_001);
    expect((await answer).status).toBe(200);
  });

  test('gets a 409 after its wait time, and has then left the line', async () => {
    const held = await acquire(suite.alice, newName(), { ttl_seconds: 300 });
    const { answer } = await queue(held.name, 1, { wait_seconds: 5 });
    clock.advance(5_001);
    const reply = await answer;
    expectError(reply, 'lock_held');
    expect(reply.body).toMatchObject({ status: 'held', lock: { name: held.name, holder: 'alice' } });
    expect(reply.body['retry_after_ms']).toBe(294_999);
    await expectWaiters(held.name, 0);
    await release(held);
    expect((await suite.alice.get(`/locks/${held.name}`)).body['status']).toBe('available');
  });

  test.each([
    ['rotated', (token: string) => suite.alice.as(token).post('/auth/token/rotate')],
    ['revoked', (_: string, id: string) => suite.operator.delete(`/admin/tokens/${id}`)],
    ['revoked together with all others', () => suite.operator.delete('/admin/tokens?user=local:waiter')],
  ])('leaves the line when its token was %s: it could not release the lock', async (_how, end) => {
    const { body } = await suite.operator.post('/admin/tokens', { user: 'local:waiter' });
    const [token, id] = [String(body['token']), String(body['id'])];
    const held = await acquire(suite.alice);
    const request = { ttl_seconds: 60, wait_seconds: 60 };
    const answer = suite.alice.as(token).post(`/locks/${held.name}/acquire`, request);
    await expectWaiters(held.name, 1);
    await end(token, id);
    expectError(await answer, 'unauthorized');
    await expectWaiters(held.name, 0);
    await release(held);
    expect((await suite.alice.get(`/locks/${held.name}`)).body['status']).toBe('available');
  });

  test('stays in line when another token of its user is revoked', async () => {
    const [own, other] = await Promise.all(
      [1, 2].map(() => suite.operator.post('/admin/tokens', { user: 'local:waiter' })),
    );
    const held = await acquire(suite.alice);
    const client = suite.alice.as(String(own?.body['token']));
    const answer = client.post(`/locks/${held.name}/acquire`, { ttl_seconds: 60, wait_seconds: 60 });
    await expectWaiters(held.name, 1);
    await suite.operator.delete(`/admin/tokens/${String(other?.body['id'])}`);
    await release(held);
    expect((await answer).body).toMatchObject({ status: 'acquired', holder: 'waiter' });
  });

  test('does not wait for a free lock', async () => {
    const granted = await suite.bob.post(`/locks/${newName()}/acquire`, { ttl_seconds: 1, wait_seconds: 60 });
    expect(granted.body['status']).toBe('acquired');
  });

  test('of a session leaves the line when the session is terminated', async () => {
    const session_id = await openSession(suite.bob);
    const held = await acquire(suite.alice);
    const { answer } = await queue(held.name, 1, { session_id });
    await suite.bob.delete(`/sessions/${session_id}`);
    expectError(await answer, 'session_not_found');
    await expectWaiters(held.name, 0);
  });

  test('of a session leaves the line when the session expires', async () => {
    const session_id = await openSession(suite.bob, 10);
    const held = await acquire(suite.alice, newName(), { ttl_seconds: 60 });
    const { answer } = await queue(held.name, 1, { session_id });
    clock.advance(10_001);
    expectError(await answer, 'session_expired');
    await expectWaiters(held.name, 0);
  });

  test('gets the lock when the session of its holder is terminated', async () => {
    const session_id = await openSession(suite.alice);
    const held = await acquire(suite.alice, newName(), { session_id });
    const { answer } = await queue(held.name, 1);
    await suite.alice.delete(`/sessions/${session_id}`);
    expect((await answer).body).toMatchObject({ status: 'acquired', holder: 'bob' });
  });
});

describe('waiters', () => {
  test('get the lock in the order they arrived, one at a time', async () => {
    const held = await acquire(suite.alice);
    const answers: Promise<Reply>[] = [];
    const order: number[] = [];
    for (let index = 0; index < 4; index += 1) {
      const { answer } = await queue(held.name, index + 1);
      answers.push(answer);
      void answer.then(() => order.push(index));
    }
    await release(held);
    for (const [index, answer] of answers.entries()) {
      const { body } = await answer;
      expect(order).toEqual(Array.from({ length: index + 1 }, (_, position) => position));
      await expectWaiters(held.name, answers.length - index - 1);
      await suite.bob.post(`/locks/${held.name}/release`, { lease_id: body['lease_id'] });
    }
  });

  test('come before new requests', async () => {
    const held = await acquire(suite.alice, newName(), { ttl_seconds: 5 });
    const { answer } = await queue(held.name, 1);
    clock.advance(5_001);
    const newcomer = await suite.alice.post(`/locks/${held.name}/acquire`, { ttl_seconds: 60 });
    expect(newcomer.status).toBe(409);
    expect((await answer).status).toBe(200);
  });

  test('of different locks do not block each other', async () => {
    const [first, second] = [await acquire(suite.alice), await acquire(suite.alice)];
    const slow = await queue(first.name, 1);
    const quick = await queue(second.name, 1);
    await release(second);
    expect((await quick.answer).status).toBe(200);
    await release(first);
    expect((await slow.answer).status).toBe(200);
  });
});

describe('a client that disconnects while it waits', () => {
  test('leaves the line at once', async () => {
    const held = await acquire(suite.alice);
    const going = new AbortController();
    const { answer } = await queue(held.name, 1, {}, going.signal);
    going.abort();
    await expect(answer).rejects.toThrow();
    await expectWaiters(held.name, 0);
  });

  test('is never granted the lock: the next waiter is', async () => {
    const held = await acquire(suite.alice);
    const going = new AbortController();
    await queue(held.name, 1, {}, going.signal);
    const { answer } = await queue(held.name, 2, { metadata: 'the next' });
    going.abort();
    await expectWaiters(held.name, 1);
    await release(held);
    expect((await answer).body).toMatchObject({ status: 'acquired', metadata: 'the next' });
  });

  test('is never granted the lock: a new request is', async () => {
    const held = await acquire(suite.alice);
    const going = new AbortController();
    await queue(held.name, 1, {}, going.signal);
    going.abort();
    await expectWaiters(held.name, 0);
    await release(held);
    await acquire(suite.alice, held.name);
  });

  test('just as it is granted the lock leaves the lock free soon', async () => {
    for (let round = 0; round < 10; round += 1) {
      const held = await acquire(suite.alice);
      const going = new AbortController();
      await queue(held.name, 1, {}, going.signal);
      const released = release(held);
      going.abort();
      await released;
      await expect
        .poll(async () => (await suite.alice.get(`/locks/${held.name}`)).body['status'])
        .toBe('available');
    }
  });
});

describe('a client that asks again for the lease it waits for', () => {
  test('keeps its place, and the old request gets a 409', async () => {
    const held = await acquire(suite.alice);
    const lease_id = newLeaseId();
    const first = await queue(held.name, 1, { lease_id });
    const other = await queue(held.name, 2);
    const again = suite.bob.post(`/locks/${held.name}/acquire`, {
      ttl_seconds: 60,
      wait_seconds: 60,
      lease_id,
    });
    expectError(await first.answer, 'lock_held');
    await release(held);
    const { body } = await again;
    expect(body).toMatchObject({ status: 'acquired', lease_id });
    await suite.bob.post(`/locks/${held.name}/release`, { lease_id });
    expect((await other.answer).status).toBe(200);
  });
});

describe('a waiter whose user has reached the limit of locks', () => {
  const strict = useServer({ MAX_LOCKS_PER_USER: '1' });

  test('is refused when its turn comes, and the next one gets the lock', async () => {
    const held = await acquire(strict.alice);
    const path = `/locks/${held.name}/acquire`;
    const wait = { ttl_seconds: 60, wait_seconds: 60 };
    const first = strict.bob.post(path, { ...wait, lease_id: newLeaseId() });
    const waiters = async () => (await strict.alice.get(`/locks/${held.name}`)).body['waiters'];
    await expect.poll(waiters).toBe(1);
    const second = strict.alice.post(path, { ...wait, lease_id: newLeaseId() });
    await expect.poll(waiters).toBe(2);
    await acquire(strict.bob);
    await strict.alice.post(`/locks/${held.name}/release`, { lease_id: held.leaseId });
    expectError(await first, 'lock_limit_exceeded');
    expect((await second).body).toMatchObject({ status: 'acquired', holder: 'alice' });
  });
});
