import { diag, DiagLogLevel } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { Clock } from '../../clock/clock.js';
import type { Config } from '../../config/config.js';
import { VERSION } from '../../version.js';
import { RareComplaints } from './rare-complaints.js';
import { samplerOf } from './sampler.js';
import { SpanTracing } from './span-tracing.js';

/** Below the base URL of a collector. */
const PATH = 'v1/traces';

/** Spans beyond these are dropped, so a collector that does not answer costs no more than their memory. */
const QUEUE = { maxQueueSize: 4_096, maxExportBatchSize: 512, scheduledDelayMillis: 2_000 } as const;

const EXPORT_MS = 10_000;

interface Settings extends Pick<
  Config,
  | 'OTEL_EXPORTER_OTLP_HEADERS'
  | 'OTEL_SERVICE_NAME'
  | 'OTEL_RESOURCE_ATTRIBUTES'
  | 'OTEL_TRACES_SAMPLER'
  | 'OTEL_TRACES_SAMPLER_ARG'
> {
  /** The base URL of a collector. */
  readonly endpoint: string;
}

/** Records spans, and exports them to a collector over HTTP. Never fails because of the collector. */
export function openTelemetry(settings: Settings, clock: Clock): SpanTracing {
  diag.setLogger(new RareComplaints(clock), { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  const exporter = new OTLPTraceExporter({
    url: new URL(PATH, settings.endpoint.replace(/\/?$/, '/')).href,
    headers: settings.OTEL_EXPORTER_OTLP_HEADERS,
    timeoutMillis: EXPORT_MS,
  });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      ...settings.OTEL_RESOURCE_ATTRIBUTES,
      'service.name': settings.OTEL_SERVICE_NAME,
      'service.version': VERSION,
    }),
    sampler: samplerOf(settings.OTEL_TRACES_SAMPLER, settings.OTEL_TRACES_SAMPLER_ARG),
    spanProcessors: [new BatchSpanProcessor({ exporter, exportTimeoutMillis: EXPORT_MS, ...QUEUE })],
  });
  return new SpanTracing(provider.getTracer('octostore', VERSION), clock, () => provider.shutdown());
}
