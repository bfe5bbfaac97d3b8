import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../../support/manual-clock.js';
import { acquire, newName, useServer } from '../../suite.js';

const clock = new ManualClock();
const suite = useServer({}, clock);

describe('a held lock', () => {
  test('is shown in full to its holder', async () => {
    const { name, leaseId, token } = await acquire(suite.alice, newName(), { metadata: 'worker-7' });
    const { status, body } = await suite.alice.get(`/locks/${name}`);
    expect(status).toBe(200);
    const lease = {
      lease_id: leaseId,
      fencing_token: token,
      expires_at: new Date(clock.wallMs() + 60_000).toISOString(),
      holder: 'alice',
      holder_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      metadata: 'worker-7',
    };
    const common = { status: 'held', name, mode: 'exclusive', waiters: 0, holder_count: 1 };
    expect(body).toEqual({ ...common, ...lease, holders: [lease] });
  });

  test('is shown to others without its lease id', async () => {
    const { name, leaseId } = await acquire(suite.alice);
    const own = await suite.alice.get(`/locks/${name}`);
    const others = await suite.bob.get(`/locks/${name}`);
    const [holder] = own.body['holders'] as Record<string, unknown>[];
    expect(others.body).toEqual({
      ...own.body,
      lease_id: null,
      holders: [{ ...holder, lease_id: undefined }],
    });
    expect(JSON.stringify(others.body)).not.toContain(leaseId);
  });

  test('has the same holder_id in every answer', async () => {
    const { name } = await acquire(suite.alice);
    const { body } = await suite.bob.get(`/locks/${name}`);
    const conflict = await suite.bob.post(`/locks/${name}/acquire`, { ttl_seconds: 60 });
    expect(conflict.body['holder_id']).toBe(body['holder_id']);
  });
});

describe('a free lock', () => {
  test('is available, with the highest fencing token so far', async () => {
    const { token } = await acquire(suite.alice);
    const name = newName();
    const { status, body } = await suite.bob.get(`/locks/${name}`);
    expect(status).toBe(200);
    expect(body).toEqual({
      status: 'available',
      name,
      message: 'Lock not currently held',
      fencing_token: token,
      waiters: 0,
    });
  });

  test('is one whose lease has expired, from that moment on', async () => {
    const { name } = await acquire(suite.alice, newName(), { ttl_seconds: 1 });
    clock.advance(1000);
    expect((await suite.bob.get(`/locks/${name}`)).body['status']).toBe('held');
    clock.advance(1);
    expect((await suite.bob.get(`/locks/${name}`)).body['status']).toBe('available');
  });
});

test('a request for the status changes nothing', async () => {
  const before = await suite.state();
  await suite.alice.get(`/locks/${newName()}`);
  expect(await suite.state()).toEqual(before);
});

test('callers without a valid token are refused', async () => {
  const { name } = await acquire(suite.alice);
  await suite.expectRefusal('unauthorized', () => suite.nobody.get(`/locks/${name}`));
  await suite.expectRefusal('unauthorized', () => suite.nobody.as('wrong').get(`/locks/${name}`));
});
