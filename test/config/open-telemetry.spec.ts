import { expect, test } from 'vitest';
import { ConfigError, loadConfig } from '../../src/config/config.js';

test('attributes and headers are lists of pairs in percent-encoding', () => {
  const config = loadConfig({
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20a=b, x-tenant = locks ,',
    OTEL_RESOURCE_ATTRIBUTES: 'empty=',
  });
  expect(config.OTEL_EXPORTER_OTLP_HEADERS).toEqual({ authorization: 'Bearer a=b', 'x-tenant': 'locks' });
  expect(config.OTEL_RESOURCE_ATTRIBUTES).toEqual({ empty: '' });
});

test.each([
  ['OTEL_EXPORTER_OTLP_HEADERS', 'authorization'],
  ['OTEL_EXPORTER_OTLP_HEADERS', 'authorization=%'],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'localhost:4318'],
  ['OTEL_TRACES_SAMPLER', 'jaeger_remote'],
  ['OTEL_TRACES_SAMPLER_ARG', '1.5'],
  ['OTEL_TRACES_SAMPLER_ARG', '5%'],
])('%s=%s is refused', (name, value) => {
  expect(() => loadConfig({ [name]: value })).toThrow(ConfigError);
});
