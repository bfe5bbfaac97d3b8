import { Logger } from '@nestjs/common';
import { afterEach, expect, test, vi } from 'vitest';
import { startServer, type TestServer } from '../support/server.js';
import { sharedCertificate, WebhookReceiver } from '../support/webhook-receiver.js';
import { ask, newTrace } from './traced-server.js';

let server: TestServer | null = null;

afterEach(async () => {
  vi.restoreAllMocks();
  await server?.close();
  server = null;
});

async function start(settings: Record<string, string> = {}): Promise<string> {
  server = await startServer({
    WEBHOOK_ALLOW_PRIVATE_NETWORKS: '127.0.0.0/8,::1',
    WEBHOOK_CA_FILE: sharedCertificate().caFile,
    ...settings,
  });
  return server.url;
}

test('without OpenTelemetry, webhooks still get the trace of the request that has caused their event', async () => {
  const receiver = await WebhookReceiver.start();
  const url = await start();
  await ask(url, '/webhooks', { body: { url: receiver.url() } });
  const { traceparent } = newTrace();
  const headers = { traceparent, tracestate: 'vendor=1' };
  const { body } = await ask(url, '/locks/one/acquire', { body: { ttl_seconds: 60 }, headers });
  await ask(url, '/locks/one/release', { body: { lease_id: body['lease_id'] } });
  const [acquired, released] = await receiver.receives(2);
  expect(acquired?.headers).toMatchObject(headers);
  expect(released?.headers).not.toHaveProperty('traceparent');
  expect(released?.headers).not.toHaveProperty('tracestate');
});

test('a lease that expires while another request is served has nothing to do with that request', async () => {
  const receiver = await WebhookReceiver.start();
  const url = await start();
  await ask(url, '/webhooks', { body: { url: receiver.url(), events: ['expired'] } });
  await ask(url, '/locks/short/acquire', { body: { ttl_seconds: 1 } });
  const { traceparent } = newTrace();
  const waits = ask(url, '/locks/short/acquire', {
    body: { ttl_seconds: 60, wait_seconds: 10 },
    headers: { traceparent },
  });
  const [expired] = await receiver.receives(1);
  expect(expired?.headers).not.toHaveProperty('traceparent');
  expect((await waits).status).toBe(200);
});

test('the line of a request in the log says to which trace it belongs', async () => {
  const lines: Record<string, unknown>[] = [];
  vi.spyOn(Logger.prototype, 'debug').mockImplementation(
    (line: Record<string, unknown>) => void lines.push(line),
  );
  const url = await start({ LOG_LEVEL: 'debug' });
  const { traceId, traceparent } = newTrace();
  await ask(url, '/locks', { headers: { traceparent, 'x-request-id': 'with-trace' } });
  await ask(url, '/locks', { headers: { 'x-request-id': 'without' } });
  const lineOf = (id: string) => lines.find(({ requestId }) => requestId === id);
  await expect.poll(() => lineOf('without')).toBeDefined();
  expect(lineOf('with-trace')).toMatchObject({ message: 'Request done', traceId });
  expect(lineOf('without')).not.toHaveProperty('traceId');
});
