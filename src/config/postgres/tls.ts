import { isOnThisMachine, isSocket } from './hosts.js';
import type { Parameters } from './parameters.js';
import type { PostgresTls, PostgresUrl } from './postgres-url.js';
import { refuse } from './refusal.js';

/** What libpq calls the certificates of the system. */
const OF_THE_SYSTEM = 'system';

const CHOOSE =
  'Write sslmode=verify-full, with sslrootcert=FILE if your own authority signed the certificate, or sslmode=disable';

/** Modes of libpq that look safer than they are. */
const WEAK_MODES: Readonly<Record<string, string>> = {
  allow: 'may send everything in plain text',
  prefer: 'may send everything in plain text',
  require: 'does not check whose server it is, so someone on the network could pose as the database',
  'verify-ca': 'accepts the certificate of any host, so someone on the network could pose as the database',
};

/** Reads how connections are protected. Without `sslmode`, only connections that leave this machine are. Throws `Refusal`. */
export function readTls(parameters: Parameters, hosts: PostgresUrl['hosts']): PostgresTls {
  const caFile = parameters.get('sslrootcert') ?? null;
  const isLocal = caFile === null && hosts.every(isOnThisMachine);
  const mode = parameters.get('sslmode') ?? (isLocal ? 'disable' : 'verify-full');
  if (mode === 'disable') return disabled(caFile);
  if (mode !== 'verify-full') return refuseMode(mode);
  if (hosts.some(({ host }) => isSocket(host)))
    refuse(
      'has a socket, which has no TLS, so verify-full is not possible. Remove the socket, or write sslmode=disable',
    );
  return { mode, caFile: caFile === OF_THE_SYSTEM ? null : caFile };
}

function disabled(caFile: string | null): PostgresTls {
  if (caFile !== null)
    refuse(
      'has sslrootcert, which has no effect with sslmode=disable. Remove it, or write sslmode=verify-full',
    );
  return { mode: 'disable' };
}

function refuseMode(mode: string): never {
  const flaw = Object.hasOwn(WEAK_MODES, mode) ? WEAK_MODES[mode] : undefined;
  return refuse(
    flaw === undefined
      ? `has an unknown sslmode. ${CHOOSE}`
      : `has sslmode=${mode}, which ${flaw}. ${CHOOSE}`,
  );
}
