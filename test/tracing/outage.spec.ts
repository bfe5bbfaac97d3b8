import { Logger } from '@nestjs/common';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { TraceCollector } from '../../lab/kit/doubles/trace-collector.js';
import { loadConfig } from '../../src/config/config.js';
import { openTracing } from '../../src/tracing/open-tracing.js';
import { ManualClock } from '../support/manual-clock.js';
import { ask, PATIENT, startTraced } from './traced-server.js';

afterEach(() => vi.restoreAllMocks());

function complaints(): string[] {
  const found: string[] = [];
  vi.spyOn(Logger.prototype, 'warn').mockImplementation(
    ({ message }: { message: string }) => void found.push(message),
  );
  return found;
}

test('a collector that refuses everything is reported once a minute, and the service goes on', async () => {
  const reported = complaints();
  const { collector, server } = await startTraced();
  collector.mood = 'refuses';
  for (let round = 1; round <= 2; round += 1) {
    expect((await ask(server.url, `/locks/${round}/acquire`, { body: { ttl_seconds: 60 } })).status).toBe(
      200,
    );
    await expect.poll(() => collector.exports.length, PATIENT).toBeGreaterThanOrEqual(round);
  }
  await expect
    .poll(() => reported, PATIENT)
    .toEqual(['Traces could not be exported. The service goes on without them']);
});

test('a collector that never answers delays neither the service nor, for long, its end', async () => {
  complaints();
  const collector = await TraceCollector.start();
  onTestFinished(() => collector.stop());
  collector.mood = 'hangs';
  const clock = new ManualClock();
  const tracing = await openTracing(loadConfig({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }), clock);
  await tracing.deliver({ deliveryId: '1', sequence: null }, async () => ({ status: 200, error: null }));
  let isClosed = false;
  const closed = tracing.close().then(() => (isClosed = true));
  await expect.poll(() => collector.exports.length, PATIENT).toBe(1);
  expect(isClosed).toBe(false);
  clock.advance(2_000);
  await closed;
});

test('what is left is exported at the end', async () => {
  const { collector, server } = await startTraced();
  await ask(server.url, '/locks');
  await server.close();
  expect(collector.spans.map(({ name }) => name)).toEqual(['GET /locks']);
});
