import { expect, test } from 'vitest';
import type { Client } from '../../lab/kit/http/client.js';
import { ALICE, Installation, SOON } from '../support/process.js';
import { pause } from '../../src/process/time.js';
import { frames, lastSequence } from '../../lab/kit/history/event-log.js';

const GRACE_SECONDS = 30;

interface Lease {
  readonly lock: string;
  readonly lease_id: unknown;
}

async function acquire(client: Client, lock: string, ttlSeconds: number): Promise<Lease> {
  const { status, body } = await client.post(`/locks/${lock}/acquire`, { ttl_seconds: ttlSeconds });
  expect(status).toBe(200);
  return { lock, lease_id: body['lease_id'] };
}

async function renew(client: Client, { lock, lease_id }: Lease): Promise<number> {
  return (await client.post(`/locks/${lock}/renew`, { lease_id, ttl_seconds: 60 })).status;
}

test('a lease that expired while the server was down is reported as expired; one that lives gets time to renew', async () => {
  const installation = new Installation({ RESTART_GRACE_SECONDS: String(GRACE_SECONDS) });
  const first = await installation.start();
  const short = await acquire(first.alice, 'short', 1);
  const long = await acquire(first.alice, 'long', GRACE_SECONDS);
  const seen = await lastSequence(first.alice);
  await first.kill();
  await pause(1100);

  const startedAtMs = Date.now();
  const second = await installation.start();
  expect((await second.bob.get('/locks/short')).body['status']).toBe('available');
  expect(await renew(second.alice, short)).toBe(404);
  const { body } = await second.alice.get('/locks/long');
  expect(body).toMatchObject({ status: 'held', lease_id: long.lease_id });
  expect(Date.parse(String(body['expires_at']))).toBeGreaterThanOrEqual(
    startedAtMs + GRACE_SECONDS * 1000 - 250,
  );
  expect(await renew(second.alice, long)).toBe(200);
  const { value: event } = await frames(second.url, ALICE, String(seen)).next();
  expect(event).toMatchObject({ event: 'expired' });
  expect(JSON.parse(String(event?.data))).toMatchObject({ lock: 'short' });
});

test('the highest token is remembered when no one holds it now', async () => {
  const installation = new Installation();
  const first = await installation.start();
  const { body: lease } = await first.alice.post('/locks/a/acquire', { ttl_seconds: 60 });
  await first.alice.post('/locks/a/release', { lease_id: lease['lease_id'] });
  await first.kill();
  const { alice } = await installation.start();
  expect((await alice.get('/locks/a')).body['fencing_token']).toBe(lease['fencing_token']);
  const { body: next } = await alice.post('/locks/b/acquire', { ttl_seconds: 60 });
  expect(Number(next['fencing_token'])).toBeGreaterThan(Number(lease['fencing_token']));
});

test('a server that is paused revives no lease that ran out meanwhile and ends none early', async () => {
  const server = await new Installation().start();
  const short = await acquire(server.alice, 'short', 2);
  const long = await acquire(server.alice, 'long', 30);
  const waiting = server.bob.post('/locks/short/acquire', { ttl_seconds: 60, wait_seconds: 30 });
  await expect.poll(async () => (await server.alice.get('/locks/short')).body['waiters'], SOON).toBe(1);
  server.program.signal('SIGSTOP');
  // They lie before the server when it wakes, before any timer of its own.
  const renewals = [renew(server.alice, short), renew(server.alice, long)];
  await pause(2200);
  server.program.signal('SIGCONT');
  expect(await Promise.all(renewals)).toEqual([404, 200]);
  expect(await waiting).toMatchObject({ status: 200, body: { holder: 'bob' } });
});
