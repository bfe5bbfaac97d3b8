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

/** Node's error codes for certificates and handshakes. */
const TLS_CODE =
  /^(?:ERR_TLS_|ERR_SSL_|EPROTO$|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|INVALID_CA|HOSTNAME_)/;

/**
 * The `AttemptError` for an error that ended a connection or a request. The error's own text could reveal too much about this
 * machine.
 */
export function attemptErrorOf(error: unknown): AttemptError {
  for (const [type, word] of BY_CLASS) if (error instanceof type) return word;
  if (!(error instanceof Error)) return 'connection_lost';
  const { code = '', syscall } = error as NodeJS.ErrnoException;
  if (code.startsWith('HPE_')) return 'malformed_answer';
  if (TLS_CODE.test(code)) return 'tls_failed';
  return syscall === 'connect' ? 'connect_failed' : 'connection_lost';
}
