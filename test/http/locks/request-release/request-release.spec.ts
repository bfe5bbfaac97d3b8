import { describe, expect, test } from 'vitest';
import type { Reply } from '../../../../lab/kit/http/client.js';
import { ManualClock } from '../../../support/manual-clock.js';
import { acquire, expectError, newName, useServer, type Granted } from '../../suite.js';

const clock = new ManualClock();
const suite = useServer({}, clock);

function request(name: string, body: object = { message: 'please' }, client = suite.bob): Promise<Reply> {
  return client.post(`/locks/${name}/request-release`, body);
}

function renew({ name, leaseId }: Granted): Promise<Reply> {
  return suite.alice.post(`/locks/${name}/renew`, { lease_id: leaseId, ttl_seconds: 60 });
}

describe('a request to release', () => {
  test('is in the replies to the renewals of the holder, until the lease ends', async () => {
    const lease = await acquire(suite.alice);
    expect((await renew(lease)).body).not.toHaveProperty('release_requested');
    const reply = await request(lease.name);
    expect([reply.status, reply.body]).toEqual([
      200,
      { status: 'release_requested', message: 'The holders learn of it when they next renew' },
    ]);
    const release_requested = { by: 'bob', message: 'please', at: new Date(clock.wallMs()).toISOString() };
    clock.advance(1_000);
    for (let count = 0; count < 2; count += 1)
      expect((await renew(lease)).body).toMatchObject({ status: 'held', release_requested });
    const byId = await suite.alice.post(`/leases/${lease.leaseId}/renew`, { ttl_seconds: 60 });
    expect(byId.body).toMatchObject({ release_requested });
    expect((await suite.alice.get(`/leases/${lease.leaseId}`)).body).not.toHaveProperty('release_requested');
    await suite.alice.post(`/locks/${lease.name}/release`, { lease_id: lease.leaseId });
    expect((await renew(await acquire(suite.alice, lease.name))).body).not.toHaveProperty(
      'release_requested',
    );
  });

  test('replaces an earlier one, and may have no message', async () => {
    const lease = await acquire(suite.alice);
    await request(lease.name);
    await request(lease.name, {}, suite.alice);
    expect((await renew(lease)).body['release_requested']).toMatchObject({ by: 'alice', message: null });
  });

  test('goes to all who hold the lock, and not to those who come later', async () => {
    const first = await acquire(suite.alice, newName(), { mode: 'shared' });
    await request(first.name);
    const later = await acquire(suite.bob, first.name, { mode: 'shared' });
    expect((await renew(first)).body).toHaveProperty('release_requested');
    const renewal = { lease_id: later.leaseId, ttl_seconds: 60 };
    const reply = await suite.bob.post(`/locks/${first.name}/renew`, renewal);
    expect(reply.body).not.toHaveProperty('release_requested');
  });

  test('goes to a lease by any of its locks', async () => {
    const locks = [{ name: newName() }, { name: newName() }];
    const { body } = await suite.alice.post('/leases', { ttl_seconds: 60, locks });
    await request(String(locks[1]?.name));
    const path = `/leases/${String(body['lease_id'])}/renew`;
    expect((await suite.alice.post(path, { ttl_seconds: 60 })).body).toMatchObject({
      release_requested: { by: 'bob' },
    });
  });

  test('for a lock that no one holds finds no one', async () => {
    const { body } = await suite.expectRefusal('lock_not_found', () => request(newName()));
    expect(body['details']).toContain('there is no one to ask');
    const { name } = await acquire(suite.alice, newName(), { ttl_seconds: 1 });
    clock.advance(1_001);
    await suite.expectRefusal('lock_not_found', () => request(name));
  });

  test.each([{ message: 'ä'.repeat(129) }, { message: 1 }, { reason: 'x' }])(
    'with %j is refused',
    async (body) => {
      const { name } = await acquire(suite.alice);
      await suite.expectRefusal('validation_failed', () => request(name, body));
    },
  );

  test('can be made five times a minute by each user for each lock', async () => {
    const { name } = await acquire(suite.alice);
    for (let count = 0; count < 5; count += 1) expect((await request(name)).status).toBe(200);
    const { body, headers } = await suite.expectRefusal('rate_limited', () => request(name));
    expect(body['details']).toContain('5 times a minute');
    expect(headers.get('retry-after')).toBe('12');
    expect((await request(name, {}, suite.alice)).status).toBe(200);
    const other = await acquire(suite.alice);
    expect((await request(other.name)).status).toBe(200);
    clock.advance(12_000);
    expect((await request(name)).status).toBe(200);
    expectError(await request(name), 'rate_limited');
  });
});
