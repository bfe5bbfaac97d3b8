import { errors } from 'undici';
import type { AttemptError } from './attempt-outcome.js';
import { AddressRefusedError, HostNotFoundError } from './guarded-lookup.js';

type Constructor = abstract new (...args: never[]) => Error;

const BY_CLASS: readonly (readonly [Constructor, AttemptError])[] = [
  [AddressRefusedError, 'address_refused'],
  [HostNotFoundError, 'host_not_found'],
  [errors.ConnectTimeoutError, 'timeout'],
  [errors.HeadersTimeoutError, 'timeout'],
  [errors.RequestAbortedError, 'timeout'],
  [errors.HTTPParserError, 'malformed_answer'],
  [errors.HeadersOverflowError, 'malformed_answer'],
  [AggregateError, 'connect_failed'],
];

/** How Node names what is wrong with a certificate or a handshake. */
const TLS_CODE =
  /^(?:ERR_TLS_|ERR_SSL_|EPROTO$|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|INVALID_CA|HOSTNAME_)/;

/** The word for an error that a connection or a request ended with. Its own text may tell too much of this machine. */
export function wordFor(error: unknown): AttemptError {
  for (const [type, word] of BY_CLASS) if (error instanceof type) return word;
  if (!(error instanceof Error)) return 'connection_lost';
  const { code = '', syscall } = error as NodeJS.ErrnoException;
  if (code.startsWith('HPE_')) return 'malformed_answer';
  if (TLS_CODE.test(code)) return 'tls_failed';
  return syscall === 'connect' ? 'connect_failed' : 'connection_lost';
}
