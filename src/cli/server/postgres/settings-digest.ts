import { createHmac } from 'node:crypto';
import type { Config } from '../../../config/config.js';
import type { SecretKeys } from '../../../secrets/secret-keys.js';

const LABEL = 'octostore settings';

/** Settings that may differ between the servers of a database. */
const OWN: ReadonlySet<string> = new Set<keyof Config>([
  'BIND_ADDR',
  'TLS_CERT_FILE',
  'TLS_KEY_FILE',
  'DATABASE_URL',
  'DATABASE_PASSWORD_FILE',
  'ADVERTISE_URL',
  'LOG_LEVEL',
  'LOG_FORMAT',
  'LOG_BUFFER_KB',
  'SECRET_KEY',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_HEADERS',
  'OTEL_SERVICE_NAME',
  'OTEL_RESOURCE_ATTRIBUTES',
  'OTEL_TRACES_SAMPLER',
  'OTEL_TRACES_SAMPLER_ARG',
]);

/** The same for all servers with the same settings and secret keys. Without the keys, it says nothing about them. */
export function settingsDigest(config: Config, { listed }: SecretKeys): string {
  const shared = Object.entries(config)
    .filter(([name]) => !OWN.has(name))
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
  return createHmac('sha256', listed.join())
    .update(`${LABEL}\0${JSON.stringify(shared, readable)}`)
    .digest('base64url');
}

/** JSON has no sets and maps. */
function readable(_: string, value: unknown): unknown {
  return value instanceof Set || value instanceof Map ? [...value] : value;
}
