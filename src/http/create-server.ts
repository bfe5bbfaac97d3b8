import { createServer as createPlainServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Clock } from '../clock/clock.js';
import type { ServiceServer } from './connections/connections.js';
import { ServiceRequest } from './input/service-request.js';
import { readTlsIdentity, type TlsPaths } from './tls/tls-files.js';
import { TlsRenewal } from './tls/tls-renewal.js';

/** Limits on each connection. In milliseconds, except for the header size in bytes. */
const SERVER_LIMITS = {
  headersTimeout: 10_000,
  // With the interval of the checks, no one can occupy a connection with half a request for more than 15 s.
  requestTimeout: 13_000,
  connectionsCheckingInterval: 1_000,
  // Longer than the 60 s after which load balancers drop idle connections, so that they never use one that we just closed.
  keepAliveTimeout: 65_000,
  maxHeaderSize: 16 * 1024,
  // The pipeline checks it, so that the error has our usual body.
  requireHostHeader: false,
  IncomingMessage: ServiceRequest,
} as const;

const TLS_LIMITS = { handshakeTimeout: 10_000, minVersion: 'TLSv1.2' } as const;

/** Creates Node's server. If `tls` is null, it serves plain HTTP. */
export function createServer(clock: Clock, tls: TlsPaths | null): ServiceServer {
  if (tls === null) return createPlainServer(SERVER_LIMITS);
  const identity = readTlsIdentity(tls);
  const server = createTlsServer({ ...SERVER_LIMITS, ...TLS_LIMITS, ...identity });
  new TlsRenewal(clock, tls, identity, server).attach();
  return server;
}
