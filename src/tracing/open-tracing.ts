import type { Clock } from '../clock/clock.js';
import type { Config } from '../config/config.js';
import { PassingOn } from './passing-on.js';
import type { Tracing } from './tracing.js';

/** Tracing as the configuration says. OpenTelemetry is loaded only if it has an endpoint. */
export async function openTracing(config: Config, clock: Clock): Promise<Tracing> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } = config;
  if (endpoint === undefined) return new PassingOn();
  const { openTelemetry } = await import('./open-telemetry/open-telemetry.js');
  return openTelemetry({ ...config, endpoint }, clock);
}
