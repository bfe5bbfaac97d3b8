import { isIP } from 'node:net';
import type { SecureContext } from 'node:tls';
import { buildConnector } from 'undici';

/** How long it may take to connect to the leader, in milliseconds. Shorter than a request is held. */
const CONNECT_MS = 2_000;

/**
 * Makes the function with which undici connects to the leader. The leader's certificate must be for the host of its own URL, not
 * for the one that a client has asked for.
 *
 * @param trust whom to trust. Null for the usual certificate authorities.
 */
export function leaderConnector(trust: SecureContext | null): buildConnector.connector {
  const connect = buildConnector({
    timeout: CONNECT_MS,
    ...(trust === null ? {} : { secureContext: trust }),
  });
  return ({ servername: _, ...options }, callback) => connect({ ...options, ...nameOf(options) }, callback);
}

/** An IP address cannot be asked for by name. Node compares it with the certificate itself. */
function nameOf({ hostname }: buildConnector.Options): { servername?: string } {
  return isIP(hostname) === 0 ? { servername: hostname } : {};
}
