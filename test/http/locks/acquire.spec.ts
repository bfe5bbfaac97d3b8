import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Client } from '../../support/client.js';
import { BOB, startServer, type TestServer } from '../../support/server.js';

let server: TestServer;
let alice: Client;
let bob: Client;

beforeAll(async () => {
  server = await startServer();
  alice = new Client(server.url, server.token);
  bob = alice.as(BOB);
});

afterAll(() => server.close());

describe('POST /locks/{name}/acquire', () => {
  test('grants a free lock', async () => {
    const { status, body } = await alice.post('/locks/free/acquire', { ttl_seconds: 60, metadata: 'me' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'acquired', name: 'free', holder: 'alice', metadata: 'me' });
    expect(body['fencing_token']).toBeGreaterThan(0);
  });

  test('hands the lock to a waiter when it is released', async () => {
    const { body } = await alice.post('/locks/handed/acquire', { ttl_seconds: 60 });
    const waiting = bob.post('/locks/handed/acquire', { ttl_seconds: 60, wait_seconds: 30 });
    await expect.poll(async () => (await bob.get('/locks/handed')).body['waiters']).toBe(1);
    await alice.post('/locks/handed/release', { lease_id: body['lease_id'] });
    const granted = await waiting;
    expect(granted.status).toBe(200);
    expect(granted.body).toMatchObject({ status: 'acquired', holder: 'bob' });
  });

  test('answers 409 with the holder when somebody else has it', async () => {
    await alice.post('/locks/taken/acquire', { ttl_seconds: 60 });
    const { status, body, headers } = await bob.post('/locks/taken/acquire', { ttl_seconds: 60 });
    expect(status).toBe(409);
    expect(body).toMatchObject({
      code: 'lock_held',
      status: 'held',
      lock: { name: 'taken', holder: 'alice' },
    });
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  });
});
