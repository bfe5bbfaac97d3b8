import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../../support/manual-clock.js';
import { acquire, expectError, newLeaseId, newName, useServer } from '../../suite.js';

const clock = new ManualClock();
const suite = useServer({}, clock);

describe('a counted lock', () => {
  test('gives each lease the lowest free slots', async () => {
    const name = newName('pool');
    const body = { ttl_seconds: 60, limit: 4 };
    const one = await suite.alice.post(`/locks/${name}/acquire`, { ...body, lease_id: newLeaseId() });
    const two = await suite.bob.post(`/locks/${name}/acquire`, { ...body, permits: 2 });
    expect(one.body).toMatchObject({ status: 'acquired', mode: 'counted', limit: 4, permits: 1, slots: [0] });
    expect(two.body).toMatchObject({
      status: 'acquired',
      mode: 'counted',
      limit: 4,
      permits: 2,
      slots: [1, 2],
    });
    await suite.alice.post(`/locks/${name}/release`, { lease_id: one.body['lease_id'] });
    const three = await suite.alice.post(`/locks/${name}/acquire`, { ...body, permits: 2 });
    expect(three.body).toMatchObject({ permits: 2, slots: [0, 3] });
  });

  test('refuses a request for more permits than are free', async () => {
    const { name } = await acquire(suite.alice, newName('pool'), { limit: 2 });
    const reply = await suite.bob.post(`/locks/${name}/acquire`, { ttl_seconds: 60, limit: 2, permits: 2 });
    expectError(reply, 'lock_held');
    expect(reply.body).toMatchObject({ lock: { holder: 'alice' } });
  });

  test('shows its permits and slots', async () => {
    const { name } = await acquire(suite.alice, newName('pool'), { limit: 3, permits: 2 });
    await acquire(suite.bob, name, { limit: 3 });
    const { body } = await suite.bob.get(`/locks/${name}`);
    expect(body).toMatchObject({
      mode: 'counted',
      limit: 3,
      permits: 2,
      slots: [0, 1],
      permits_in_use: 3,
      holder_count: 2,
      holders: [
        { holder: 'alice', slots: [0, 1] },
        { holder: 'bob', slots: [2] },
      ],
    });
  });

  test('keeps its slots when it is renewed', async () => {
    const { name, leaseId } = await acquire(suite.alice, newName('pool'), { limit: 3, permits: 2 });
    const { body } = await suite.alice.post(`/locks/${name}/renew`, { lease_id: leaseId, ttl_seconds: 90 });
    expect(body).toMatchObject({ mode: 'counted', limit: 3, permits: 2, slots: [0, 1] });
  });

  test('has a row in the list for each of its leases', async () => {
    const name = newName('pool');
    const tokens: number[] = [];
    for (const client of [suite.alice, suite.bob])
      tokens.push((await acquire(client, name, { limit: 2 })).token);
    const { body } = await suite.alice.get(`/locks?prefix=${name}`);
    expect(body['locks']).toMatchObject(
      tokens.map((fencing_token, slot) => ({
        name,
        fencing_token,
        mode: 'counted',
        limit: 2,
        slots: [slot],
      })),
    );
  });
});

describe('409 limit_mismatch', () => {
  test('names the limit of the holders, and who was first', async () => {
    const { name } = await acquire(suite.alice, newName('pool'), { limit: 3 });
    const reply = await suite.expectRefusal('limit_mismatch', () =>
      suite.bob.post(`/locks/${name}/acquire`, { ttl_seconds: 60, limit: 2 }),
    );
    expect(reply.body).toMatchObject({ status: 'held', limit: 3, lock: { name, holder: 'alice' } });
    expect(reply.headers.get('retry-after')).toBe('60');
  });

  test('is not the answer to another mode', async () => {
    const { name } = await acquire(suite.alice, newName('pool'), { limit: 3 });
    expectError(
      await suite.bob.post(`/locks/${name}/acquire`, { ttl_seconds: 60, mode: 'shared' }),
      'lock_held',
    );
  });

  test('waits in line like another mode', async () => {
    const { name, leaseId } = await acquire(suite.alice, newName('pool'), { limit: 3 });
    const waiting = suite.bob.post(`/locks/${name}/acquire`, { ttl_seconds: 60, limit: 2, wait_seconds: 60 });
    await expect.poll(async () => (await suite.alice.get(`/locks/${name}`)).body['waiters']).toBe(1);
    await suite.alice.post(`/locks/${name}/release`, { lease_id: leaseId });
    expect((await waiting).body).toMatchObject({ status: 'acquired', limit: 2, slots: [0] });
  });
});

describe('pages of a list', () => {
  test('end and begin anywhere among the leases of a lock, without a gap or a repeat', async () => {
    const prefix = newName('paged');
    const expected: unknown[] = [];
    for (const name of [`${prefix}/a`, `${prefix}/b`, `${prefix}/c`])
      for (let count = 0; count < 3; count += 1)
        expected.push((await acquire(suite.alice, name, { mode: 'shared', lease_id: newLeaseId() })).token);
    for (const owner of ['', '&owner=me'])
      for (const limit of [1, 2, 4, 9])
        expect(await tokensOf(`prefix=${prefix}${owner}`, limit)).toEqual(expected);
  });

  test('follow a cursor of an earlier version, which has no token: it means the whole lock', async () => {
    const prefix = newName('paged');
    for (const name of ['a', 'a', 'b']) {
      await acquire(suite.alice, `${prefix}/${name}`, { mode: 'shared', lease_id: newLeaseId() });
    }
    const cursor = Buffer.from(`${prefix}/a`).toString('base64url');
    const { body } = await suite.alice.get(`/locks?prefix=${prefix}&cursor=${cursor}`);
    expect(body).toMatchObject({ total: 1, locks: [{ name: `${prefix}/b` }] });
  });

  test.each(['a 0', 'a x', 'a 1 2', 'a ', ' 1', '', 'a 99999999999999999'])(
    'refuse the cursor %j',
    async (text) => {
      const cursor = Buffer.from(text).toString('base64url');
      expectError(await suite.alice.get(`/locks?cursor=${cursor}`), 'validation_failed');
    },
  );
});

/** Reads all pages of a list. */
async function tokensOf(query: string, limit: number): Promise<unknown[]> {
  const tokens: unknown[] = [];
  for (let cursor = ''; ;) {
    const { body } = await suite.alice.get(`/locks?${query}&limit=${limit}${cursor}`);
    tokens.push(...(body['locks'] as { fencing_token: number }[]).map(({ fencing_token }) => fencing_token));
    if (body['next_cursor'] === null) return tokens;
    cursor = `&cursor=${body['next_cursor'] as string}`;
  }
}
