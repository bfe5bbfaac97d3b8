import type { IncomingMessage } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { SystemClock } from '../../src/clock/system-clock.js';
import { loadConfig } from '../../src/config/config.js';
import { openTracing } from '../../src/tracing/open-tracing.js';
import type { Headers, Tracing } from '../../src/tracing/tracing.js';
import { newTrace } from './traced-server.js';

/** Nothing listens there. */
const NOWHERE = 'http://127.0.0.1:9';

const ways: [string, Record<string, string>][] = [
  ['off', {}],
  ['on', { OTEL_EXPORTER_OTLP_ENDPOINT: NOWHERE, OTEL_TRACES_SAMPLER: 'parentbased_always_off' }],
];

async function open(settings: Record<string, string>): Promise<Tracing> {
  const tracing = await openTracing(loadConfig(settings), new SystemClock());
  onTestFinished(() => tracing.close());
  return tracing;
}

/** Decides something with one event while a request of a trace is served. */
function decideFor(
  tracing: Tracing,
  { traceparent }: { traceparent: string },
  kind: string,
  sequence: number,
): void {
  tracing.serve({ method: 'POST', headers: { traceparent } } as unknown as IncomingMessage, 0, () => {
    tracing.decide(kind, () => ({ outcome: { kind: 'done' }, changes: [], events: [{ sequence }] }));
  });
}

/** The id of the trace that the receiver of an event learns of. Null for none. */
async function traceOf(tracing: Tracing, sequence: number): Promise<string | null> {
  let sent: Headers = {};
  await tracing.deliver({ deliveryId: 'any', sequence }, async (headers) => {
    sent = headers;
    return { status: 204, error: null };
  });
  return sent['traceparent']?.split('-')[1] ?? null;
}

test.each(ways)(
  'with OpenTelemetry %s, an event belongs to the trace in which it was decided',
  async (_, settings) => {
    const tracing = await open(settings);
    const trace = newTrace(false);
    decideFor(tracing, trace, 'release', 1);
    expect(await traceOf(tracing, 1)).toBe(trace.traceId);
    expect(await traceOf(tracing, 2)).not.toBe(trace.traceId);
  },
);

test.each(ways)(
  'with OpenTelemetry %s, what is found to be due belongs to no request',
  async (_, settings) => {
    const tracing = await open(settings);
    const trace = newTrace(false);
    decideFor(tracing, trace, 'sweep', 1);
    expect(await traceOf(tracing, 1)).not.toBe(trace.traceId);
  },
);

test.each(ways)(
  'with OpenTelemetry %s, the causes of the last 10,000 events are known',
  async (_, settings) => {
    const tracing = await open(settings);
    const [first, other] = [newTrace(false), newTrace(false)];
    decideFor(tracing, first, 'release', 0);
    for (let sequence = 1; sequence <= 10_000; sequence += 1) decideFor(tracing, other, 'release', sequence);
    expect(await traceOf(tracing, 0)).not.toBe(first.traceId);
    expect(await traceOf(tracing, 1)).toBe(other.traceId);
  },
);
