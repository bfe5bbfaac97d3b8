import { describe, expect, test } from 'vitest';
import { TokenTimesJob } from '../../../src/auth/tokens/token-times.job.js';
import { Client } from '../../../lab/kit/http/client.js';
import { ManualClock } from '../../support/manual-clock.js';
import { ALICE, BOB, startServer } from '../../support/server.js';
import { expectError, useServer } from '../suite.js';

const suite = useServer();

interface Facts {
  readonly id: string;
  readonly label: string | null;
  readonly expires_at: string | null;
  readonly last_used_at: string | null;
}

async function create(client: Client, body: object): Promise<Facts & { readonly token: string }> {
  const created = await client.post('/tokens', body);
  expect(created.status).toBe(201);
  expect(created.headers.get('cache-control')).toBe('no-store');
  return created.body as unknown as Facts & { token: string };
}

async function list(client: Client): Promise<Facts[]> {
  return (await client.get('/tokens')).body['tokens'] as Facts[];
}

describe('your tokens', () => {
  test('are named by ids and labels, and never shown again', async () => {
    const { token, ...facts } = await create(suite.alice, { label: 'laptop' });
    expect(facts).toMatchObject({ label: 'laptop', expires_at: null, last_used_at: null });
    const laptop = suite.alice.as(token);
    expect((await laptop.get('/me')).body).toMatchObject({
      user: 'static:alice',
      login: 'alice',
      is_administrator: false,
      token: { id: facts.id, label: 'laptop' },
    });
    const listed = await list(laptop);
    expect(listed.map(({ label }) => label)).toEqual([null, 'laptop']);
    expect(JSON.stringify(listed)).not.toContain(token);
  });

  test('are not shown to others, who cannot revoke them', async () => {
    const { id } = await create(suite.alice, { label: 'mine' });
    expect((await list(suite.bob)).map((facts) => facts.id)).not.toContain(id);
    expectError(await suite.bob.delete(`/tokens/${id}`), 'token_not_found');
    expect((await list(suite.alice)).map((facts) => facts.id)).toContain(id);
  });

  test('end when you revoke them, with what waits for them', async () => {
    const { id, token } = await create(suite.alice, { label: 'lost' });
    const lost = suite.alice.as(token);
    await suite.bob.post('/locks/held-by-bob/acquire', { ttl_seconds: 60 });
    const waiting = lost.post('/locks/held-by-bob/acquire', { ttl_seconds: 60, wait_seconds: 30 });
    expect((await suite.alice.delete(`/tokens/${id}`)).status).toBe(204);
    expect((await waiting).status).toBe(401);
    expectError(await lost.get('/me'), 'unauthorized');
  });

  test('keep their id and label when they are rotated', async () => {
    const { id, token } = await create(suite.alice, { label: 'rotated' });
    const { body } = await suite.alice.as(token).post('/auth/token/rotate');
    const rotated = suite.alice.as(String(body['token']));
    expect((await rotated.get('/me')).body).toMatchObject({ token: { id, label: 'rotated' } });
  });

  test.each([
    [{}],
    [{ label: '' }],
    [{ label: 'two\nlines' }],
    [{ label: 'x'.repeat(101) }],
    [{ label: 'short', expires_in_seconds: 59 }],
    [{ label: 'long', expires_in_seconds: 315_360_001 }],
  ])('are not created from %j', async (body) => {
    expectError(await suite.alice.post('/tokens', body), 'validation_failed');
  });

  test('are also created with a label and an expiry by administrators', async () => {
    const made = await suite.operator.post('/admin/tokens', {
      user: 'robot',
      label: 'deploy',
      expires_in_seconds: 3600,
    });
    expect(made.status).toBe(201);
    const { id, expires_at } = made.body as unknown as Facts;
    const listed = (await suite.operator.get('/admin/tokens?user=robot')).body['tokens'];
    expect(listed).toMatchObject([{ id, label: 'deploy', user: 'local:robot', expires_at }]);
    expect(new Date(String(expires_at)).getTime()).toBeGreaterThan(Date.now() + 3_500_000);
  });
});

describe('a token that expires', () => {
  async function withClock(
    use: (alice: Client, clock: ManualClock, job: TokenTimesJob) => Promise<void>,
  ): Promise<void> {
    const clock = new ManualClock();
    const server = await startServer({}, clock);
    try {
      await use(new Client(server.url, ALICE), clock, server.app.get(TokenTimesJob));
    } finally {
      await server.close();
    }
  }

  test('is refused from that moment, and says why', async () => {
    await withClock(async (alice, clock, job) => {
      const short = alice.as((await create(alice, { label: 'short', expires_in_seconds: 60 })).token);
      clock.advance(59_999);
      expect((await short.get('/me')).status).toBe(200);
      clock.advance(1);
      expectError(await short.get('/me'), 'token_expired');
      await job.endExpired();
      expectError(await short.get('/me'), 'token_expired');
      expect((await list(alice)).map(({ label }) => label)).toEqual([null]);
    });
  });

  test('ends requests that wait with it', async () => {
    await withClock(async (alice, clock, job) => {
      const short = alice.as((await create(alice, { label: 'short', expires_in_seconds: 60 })).token);
      const held = await alice.as(BOB).post('/locks/held/acquire', { ttl_seconds: 600 });
      expect(held.body).toMatchObject({ status: 'acquired' });
      const waiting = short.post('/locks/held/acquire', { ttl_seconds: 60, wait_seconds: 60 });
      await expect.poll(async () => (await alice.get('/queues/held')).body).toMatchObject({ waiters: 1 });
      clock.advance(60_000);
      await job.endExpired();
      expectError(await waiting, 'token_expired');
    });
  });

  test('creates no token that lasts longer, and none that does not expire', async () => {
    await withClock(async (alice) => {
      const made = await create(alice, { label: 'short', expires_in_seconds: 3600 });
      const short = alice.as(made.token);
      const longer = await short.post('/tokens', { label: 'longer', expires_in_seconds: 3601 });
      expectError(longer, 'forbidden');
      expect((await create(short, { label: 'as-long' })).expires_at).toBe(made.expires_at);
      const rotated = await short.post('/auth/token/rotate');
      const after = await alice.as(String(rotated.body['token'])).get('/me');
      expect(after.body).toMatchObject({ token: { id: made.id, expires_at: made.expires_at } });
    });
  });

  test('shows the hour in which it was last used', async () => {
    await withClock(async (alice, clock, job) => {
      const { id, token } = await create(alice, { label: 'used', expires_in_seconds: 86_400 });
      const lastUse = async () => (await list(alice)).find((facts) => facts.id === id)?.last_used_at;
      await job.recordUses();
      expect(await lastUse()).toBeNull();
      await alice.as(token).get('/me');
      await job.recordUses();
      const hour = new Date(Math.floor(clock.wallMs() / 3_600_000) * 3_600_000).toISOString();
      expect(await lastUse()).toBe(hour);
      clock.advance(2 * 3_600_000);
      await job.recordUses();
      expect(await lastUse()).toBe(hour);
    });
  });
});
