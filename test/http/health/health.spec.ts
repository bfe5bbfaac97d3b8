import { describe, expect, test } from 'vitest';
import { Lifecycle } from '../../../src/lifecycle/lifecycle.js';
import { Journal } from '../../../src/journal/journal.js';
import { expectError, newName, useServer } from '../suite.js';

describe('while the server serves', () => {
  const suite = useServer();

  test('/health answers OK as text, to anyone', async () => {
    const { status, body, headers } = await suite.nobody.get('/health');
    expect(status).toBe(200);
    expect(body).toEqual({ text: 'OK' });
    expect(headers.get('content-type')).toBe('text/plain; charset=utf-8');
  });

  test('/health/live and /health/ready answer in JSON, to anyone', async () => {
    expect((await suite.nobody.get('/health/live')).body).toEqual({ status: 'alive' });
    const ready = await suite.nobody.get('/health/ready');
    expect(ready.status).toBe(200);
    expect(ready.body).toEqual({ status: 'ready' });
  });

  test('a wrong token is ignored', async () => {
    for (const path of ['/health', '/health/live', '/health/ready', '/status'])
      expect((await suite.nobody.as('wrong').get(path)).status).toBe(200);
  });
});

describe('while the server drains', () => {
  const suite = useServer();

  test('/health/ready reports it, and new requests are still served', async () => {
    suite.server.app.get(Lifecycle).announceStop();
    const ready = await suite.nobody.get('/health/ready');
    expect(ready.status).toBe(503);
    expect(ready.body).toEqual({ status: 'stopping' });
    expect((await suite.nobody.get('/health')).status).toBe(200);
    expect((await suite.nobody.get('/health/live')).status).toBe(200);
    expect((await suite.nobody.get('/status')).body['status']).toBe('stopping');
    const { status } = await suite.alice.post(`/locks/${newName()}/acquire`, { ttl_seconds: 60 });
    expect(status).toBe(200);
  });
});

describe('once the store has failed', () => {
  const suite = useServer();

  test('/health/ready reports it, and no change is acknowledged', async () => {
    await suite.server.app.get(Journal).close();
    const name = newName();
    expectError(await suite.alice.post(`/locks/${name}/acquire`, { ttl_seconds: 60 }), 'store_unavailable');
    const ready = await suite.nobody.get('/health/ready');
    expect(ready.status).toBe(503);
    expect(ready.body).toEqual({ status: 'failed' });
    expect((await suite.nobody.get('/status')).body['status']).toBe('failed');
    expectError(await suite.alice.get(`/locks/${name}`), 'store_unavailable');
    expectError(await suite.alice.get('/locks'), 'store_unavailable');
    expectError(await suite.alice.post('/sessions', {}), 'store_unavailable');
    expectError(await suite.alice.get('/watch'), 'store_unavailable');
    const release = { lease_id: '550e8400-e29b-41d4-a716-446655440000' };
    expectError(await suite.alice.post(`/locks/${name}/release`, release), 'store_unavailable');
  });
});
