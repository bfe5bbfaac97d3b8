import { expect, test } from 'vitest';
import { VERSION } from '../../src/version.js';
import { WebhookReceiver } from '../support/webhook-receiver.js';
import { ask, newTrace, PATIENT, startTraced } from './traced-server.js';

const KIND = { server: 2, client: 3 } as const;

test('a request, its decision and its commit are spans of the trace that the client has begun', async () => {
  const { collector, server } = await startTraced();
  const { traceId, spanId, traceparent } = newTrace();
  const headers = { traceparent, tracestate: 'vendor=1', 'x-request-id': 'the-first' };
  const { status } = await ask(server.url, '/locks/secret/name/acquire', {
    body: { ttl_seconds: 60 },
    headers,
  });
  expect(status).toBe(200);

  await expect.poll(() => collector.trace(traceId).length, PATIENT).toBe(3);
  const [request, decision, commit] = collector.trace(traceId);
  expect(request).toMatchObject({
    parentId: spanId,
    traceState: 'vendor=1',
    name: 'POST /locks/{name}/acquire',
    kind: KIND.server,
    isError: false,
    attributes: {
      'http.request.method': 'POST',
      'http.route': '/locks/{name}/acquire',
      'http.response.status_code': 200,
      'octostore.request_id': 'the-first',
    },
    resource: { 'service.name': 'octostore', 'service.version': VERSION },
  });
  expect(decision).toMatchObject({
    parentId: request?.spanId,
    name: 'decide acquire',
    attributes: { 'octostore.outcome': 'acquired' },
  });
  expect(commit).toMatchObject({
    parentId: request?.spanId,
    name: 'commit',
    attributes: { 'octostore.commit.requests': 1 },
  });
  expect(Number((request?.endedAt ?? 0n) - (request?.startedAt ?? 0n))).toBeGreaterThan(0);
});

test('spans contain no names of locks and users, no tokens and no lease ids', async () => {
  const { collector, server } = await startTraced();
  const { traceId, traceparent } = newTrace();
  const { body } = await ask(server.url, '/locks/secret-project/acquire', {
    body: { ttl_seconds: 60, metadata: 'secret metadata' },
    headers: { traceparent },
  });
  await expect.poll(() => collector.trace(traceId).length, PATIENT).toBe(3);
  const text = JSON.stringify(collector.spans, (_, value: unknown) =>
    typeof value === 'bigint' ? Number(value) : value,
  );
  for (const secret of ['secret', 'alice', String(body['lease_id'])]) expect(text).not.toContain(secret);
});

test('requests that share a commit are linked to it, and it to them', async () => {
  const { collector, server } = await startTraced();
  const traces = Array.from({ length: 20 }, () => newTrace());
  await Promise.all(
    traces.map(({ traceparent }, index) =>
      ask(server.url, `/locks/shared-${index}/acquire`, {
        body: { ttl_seconds: 60 },
        headers: { traceparent },
      }),
    ),
  );
  const requests = () =>
    traces.flatMap(({ traceId }) => collector.trace(traceId)).filter(({ kind }) => kind === KIND.server);
  const commits = () => collector.spans.filter(({ name }) => name === 'commit');
  const committed = () =>
    commits().reduce((sum, { attributes }) => sum + Number(attributes['octostore.commit.requests']), 0);
  await expect.poll(() => requests().length, PATIENT).toBe(traces.length);
  await expect.poll(committed, PATIENT).toBe(traces.length);
  const byId = new Map(requests().map((request) => [request.spanId, request]));
  for (const commit of commits()) {
    expect(byId.has(commit.parentId)).toBe(true);
    for (const linked of commit.links) expect(byId.get(linked)?.links).toEqual([commit.spanId]);
  }
});

test('a refusal makes nothing durable, so its trace has no commit', async () => {
  const { collector, server } = await startTraced();
  const { traceId, traceparent } = newTrace();
  await ask(server.url, '/locks/free/release', {
    body: { lease_id: '0af76519-16cd-43dd-8448-eb211c80319c' },
    headers: { traceparent },
  });
  await expect
    .poll(() => collector.trace(traceId).map(({ name }) => name), PATIENT)
    .toEqual(['POST /locks/{name}/release', 'decide release']);
});

test('a webhook is delivered in the trace of the request that has caused its event', async () => {
  const receiver = await WebhookReceiver.start();
  const { collector, server } = await startTraced();
  await ask(server.url, '/webhooks', { body: { url: receiver.url() } });
  const { traceId, traceparent } = newTrace();
  await ask(server.url, '/locks/hooked/acquire', { body: { ttl_seconds: 60 }, headers: { traceparent } });
  const [message] = await receiver.receives(1);
  await expect
    .poll(() => collector.trace(traceId).map(({ name }) => name), PATIENT)
    .toContain('deliver webhook');
  const delivery = collector.trace(traceId).find(({ name }) => name === 'deliver webhook');
  const decision = collector.trace(traceId).find(({ name }) => name === 'decide acquire');
  expect(delivery).toMatchObject({
    parentId: decision?.spanId,
    kind: KIND.client,
    attributes: { 'http.response.status_code': 204 },
    isError: false,
  });
  expect(message?.headers['traceparent']).toBe(`00-${traceId}-${delivery?.spanId ?? ''}-01`);
});

test('routes that Express serves are traced, too', async () => {
  const { collector, server } = await startTraced();
  const { body } = await ask(server.url, '/locks/broken/acquire', { body: { ttl_seconds: 60 } });
  const { traceId, traceparent } = newTrace();
  await ask(server.url, '/locks/broken/convert', {
    body: { lease_id: body['lease_id'], mode: 'shared' },
    headers: { traceparent },
  });
  await expect
    .poll(() => collector.trace(traceId).map(({ name }) => name), PATIENT)
    .toEqual(['POST /locks/{name}/convert', 'decide convert', 'commit']);
});

test('a trace that its caller does not record is not recorded, but passed on', async () => {
  const receiver = await WebhookReceiver.start();
  const { collector, server } = await startTraced();
  await ask(server.url, '/webhooks', { body: { url: receiver.url() } });
  const { traceId, traceparent } = newTrace(false);
  await ask(server.url, '/locks/unseen/acquire', { body: { ttl_seconds: 60 }, headers: { traceparent } });
  const [message] = await receiver.receives(1);
  expect(message?.headers['traceparent']).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-00$`));
  await server.close();
  expect(collector.trace(traceId)).toEqual([]);
});

test('the settings of OpenTelemetry decide what is sent, and how', async () => {
  const { collector, server } = await startTraced({
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20collector-key, x-tenant=locks',
    OTEL_SERVICE_NAME: 'locks-1',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=production',
    OTEL_TRACES_SAMPLER: 'parentbased_always_off',
  });
  await ask(server.url, '/locks');
  const { traceId, traceparent } = newTrace();
  await ask(server.url, '/locks', { headers: { traceparent } });
  await expect.poll(() => collector.trace(traceId).length, PATIENT).toBe(1);
  expect(collector.spans).toHaveLength(1);
  expect(collector.spans[0]?.resource).toMatchObject({
    'service.name': 'locks-1',
    'deployment.environment.name': 'production',
  });
  expect(collector.exports[0]).toMatchObject({ authorization: 'Bearer collector-key', 'x-tenant': 'locks' });
});
