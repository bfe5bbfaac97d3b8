import type { Config } from '../../../config/config.js';

const ANY_ADDRESS = new Set(['0.0.0.0', '[::]']);

/**
 * Where others reach this process: the address that is configured, or else the one at which it listens.
 *
 * @param listening the URL of the address at which the process listens.
 */
export function advertisedUrl({ ADVERTISE_URL }: Pick<Config, 'ADVERTISE_URL'>, listening: string): string {
  if (ADVERTISE_URL !== undefined) return ADVERTISE_URL;
  const { protocol, hostname, port } = new URL(listening);
  const host = ANY_ADDRESS.has(hostname) ? '127.0.0.1' : hostname;
  return port === '' ? `${protocol}//${host}` : `${protocol}//${host}:${port}`;
}
