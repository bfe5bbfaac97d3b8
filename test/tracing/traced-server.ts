import { randomBytes } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { TraceCollector } from '../../lab/kit/doubles/trace-collector.js';
import { ALICE, startServer, type TestServer } from '../support/server.js';
import { sharedCertificate } from '../support/webhook-receiver.js';

/** Exports are sent every two seconds. */
export const PATIENT = { timeout: 30_000, interval: 50 } as const;

export interface Traced {
  readonly collector: TraceCollector;
  readonly server: TestServer;
}

/** A server that exports its traces to a collector, until the test is over. */
export async function startTraced(settings: Record<string, string> = {}): Promise<Traced> {
  const collector = await TraceCollector.start();
  const server = await startServer({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    WEBHOOK_ALLOW_PRIVATE_NETWORKS: '127.0.0.0/8,::1',
    WEBHOOK_CA_FILE: sharedCertificate().caFile,
    ...settings,
  });
  onTestFinished(async () => {
    await server.close();
    collector.stop();
  });
  return { collector, server };
}

/** A trace that a client has begun. */
export function newTrace(isSampled = true): { traceId: string; spanId: string; traceparent: string } {
  const [traceId, spanId] = [randomBytes(16).toString('hex'), randomBytes(8).toString('hex')];
  return { traceId, spanId, traceparent: `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}` };
}

/** A request of alice's. Resolves with the status and the answer. */
export async function ask(
  url: string,
  path: string,
  { body, headers = {} }: { body?: object; headers?: Record<string, string> } = {},
): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(url + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${ALICE}`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
