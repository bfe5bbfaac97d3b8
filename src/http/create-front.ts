import type { Clock } from '../clock/clock.js';
import type { Config } from '../config/config.js';
import { connectionsPossible } from './connections/open-files.js';
import { Front } from './front.js';
import type { TlsPaths } from './tls/tls-files.js';

/**
 * The server that the configuration describes. It does not listen yet.
 *
 * @param forwardingKeys what the other servers on the same database send. Empty if there are none.
 */
export function createFront(config: Config, clock: Clock, forwardingKeys: readonly string[]): Front {
  return new Front(clock, {
    tls: tlsPathsOf(config),
    maxConnections: config.MAX_CONNECTIONS === 0 ? connectionsPossible() : config.MAX_CONNECTIONS,
    maxPipelined: config.MAX_PIPELINED_REQUESTS,
    unreadMsMax: config.UNREAD_ANSWER_SECONDS * 1000,
    forwardingKeys,
  });
}

/** Null means plain HTTP. */
function tlsPathsOf({ TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile }: Config): TlsPaths | null {
  return certFile === undefined || keyFile === undefined ? null : { certFile, keyFile };
}
