import { statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { LockStore } from '../../../src/store/lock-store.js';
import { ALICE } from '../../support/server.js';
import { SseStream } from '../../support/sse.js';
import { acquire, expectError, newLeaseId, newName, openSession, useServer, type Granted } from '../suite.js';

/** 503: what the server refuses now, and what it still does for clients that hold leases. */

describe('shutting_down, while the server drains', () => {
  const suite = useServer();
  let held: Granted = { name: '', leaseId: '', token: 0 };
  let session = '';

  test('refuses all waiters at once', async () => {
    held = await acquire(suite.alice);
    session = await openSession(suite.alice);
    const body = { ttl_seconds: 60, wait_seconds: 60, lease_id: newLeaseId() };
    const waiting = [
      suite.bob.post(`/locks/${held.name}/acquire`, body),
      suite.alice.post(`/locks/${held.name}/acquire`, body),
    ];
    await expect.poll(async () => (await suite.alice.get(`/locks/${held.name}`)).body['waiters']).toBe(2);
    suite.server.app.get(LockStore).drain();
    for (const answer of await Promise.all(waiting)) expectError(answer, 'shutting_down');
    expect((await suite.alice.get(`/locks/${held.name}`)).body['waiters']).toBe(0);
  });

  test('grants nothing new', async () => {
    await suite.expectRefusal('shutting_down', () =>
      suite.alice.post(`/locks/${newName()}/acquire`, { ttl_seconds: 60 }),
    );
    await suite.expectRefusal('shutting_down', () => suite.alice.post('/sessions', {}));
  });

  test('still renews, keeps alive, shows and releases', async () => {
    const { name, leaseId } = held;
    const renewal = { lease_id: leaseId, ttl_seconds: 60 };
    expect((await suite.alice.post(`/locks/${name}/renew`, renewal)).status).toBe(200);
    expect((await suite.alice.post(`/sessions/${session}/keepalive`)).status).toBe(200);
    expect((await suite.alice.get(`/locks/${name}`)).body['status']).toBe('held');
    expect((await suite.alice.post(`/locks/${name}/release`, { lease_id: leaseId })).status).toBe(200);
    expect((await suite.alice.delete(`/sessions/${session}`)).status).toBe(204);
  });
});

describe('storage_low, while the disk is nearly full', () => {
  const suite = useServer({ MIN_FREE_DISK_MB: '1000000' });

  // No setting allows more than 1 TB.
  const { bavail, bsize } = statfsSync(tmpdir());
  const hasRoomForAll = bavail * bsize > 1_000_000 * 1024 * 1024;

  test.skipIf(hasRoomForAll)('grants nothing new, and still shows locks', async () => {
    await suite.expectRefusal('storage_low', () =>
      suite.alice.post(`/locks/${newName()}/acquire`, { ttl_seconds: 60 }),
    );
    await suite.expectRefusal('storage_low', () => suite.alice.post('/sessions', {}));
    expect((await suite.alice.get('/locks')).status).toBe(200);
    expect((await suite.operator.get('/admin/status')).body['storage_low']).toBe(true);
  });
});

describe('overloaded, while too many callers wait for the disk', () => {
  const suite = useServer({ MAX_PENDING_COMMANDS: '1' });

  test('refuses the excess, and grants the rest', async () => {
    const names = Array.from({ length: 30 }, () => newName());
    const replies = await Promise.all(
      names.map((name) => suite.alice.post(`/locks/${name}/acquire`, { ttl_seconds: 60 })),
    );
    const granted = names.filter((_, index) => replies[index]?.status === 200);
    expect(granted.length).toBeGreaterThan(0);
    expect(granted.length).toBeLessThan(names.length);
    for (const reply of replies) if (reply.status !== 200) expectError(reply, 'overloaded');
    const { body } = await suite.alice.get('/locks');
    expect((body['locks'] as { name: string }[]).map(({ name }) => name)).toEqual(granted.toSorted());
  });
});

describe('when an application closes', () => {
  const suite = useServer();

  test('it answers waiters and ends streams', async () => {
    const { name } = await acquire(suite.alice);
    const stream = await SseStream.open(`${suite.server.url}/watch`, { token: ALICE });
    await stream.next();
    const waiting = suite.bob.post(`/locks/${name}/acquire`, { ttl_seconds: 60, wait_seconds: 60 });
    await expect.poll(async () => (await suite.alice.get(`/locks/${name}`)).body['waiters']).toBe(1);
    suite.server.app.get(LockStore).drain();
    const closing = suite.server.app.close();
    expectError(await waiting, 'shutting_down');
    await stream.ended;
    await closing;
  });
});
