import { expect, onTestFinished, test } from 'vitest';
import { TraceCollector } from '../../lab/kit/doubles/trace-collector.js';
import { SystemClock } from '../../src/clock/system-clock.js';
import { loadConfig } from '../../src/config/config.js';
import { openTracing } from '../../src/tracing/open-tracing.js';
import { startStandby } from '../replica/standby-rig.js';
import { Upstream } from '../replica/upstream.js';
import { newTrace, PATIENT } from './traced-server.js';

test('a standby is a part of the trace, between the client and the leader', async () => {
  const collector = await TraceCollector.start();
  onTestFinished(() => collector.stop());
  const config = loadConfig({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
  const tracing = await openTracing(config, new SystemClock());
  const [{ standby, client }, upstream] = await Promise.all([startStandby({ tracing }), Upstream.start()]);
  standby.forwardTo(upstream.target);
  const { traceId, spanId, traceparent } = newTrace();

  await client.get('/locks', { headers: { traceparent, tracestate: 'vendor=1' } });

  const { request } = await upstream.received();
  await expect.poll(() => collector.trace(traceId).length, PATIENT).toBe(1);
  const [forwarding] = collector.trace(traceId);
  expect(forwarding).toMatchObject({ parentId: spanId, name: 'GET forwarded', traceState: 'vendor=1' });
  expect(request.headers).toMatchObject({
    traceparent: `00-${traceId}-${forwarding?.spanId ?? ''}-01`,
    tracestate: 'vendor=1',
  });
  await tracing.close();
});

test('without OpenTelemetry, the leader gets the headers of the client', async () => {
  const [{ standby, client }, upstream] = await Promise.all([startStandby(), Upstream.start()]);
  standby.forwardTo(upstream.target);
  const { traceparent } = newTrace();
  await client.get('/locks', { headers: { traceparent, tracestate: 'vendor=1' } });
  expect((await upstream.received()).request.headers).toMatchObject({ traceparent, tracestate: 'vendor=1' });
});
