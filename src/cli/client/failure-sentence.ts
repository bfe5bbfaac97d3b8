import { NetworkError, OctoStoreError } from '@octostore/client';
import type { Explanation } from './failure.js';

/** Codes of TLS errors, and what they mean. */
const TLS_FAILURES: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'has expired',
  CERT_NOT_YET_VALID: 'is not valid yet',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'is self-signed',
  ERR_TLS_CERT_ALTNAME_INVALID: 'is for another host name',
  SELF_SIGNED_CERT_IN_CHAIN: 'is signed by an unknown authority',
  UNABLE_TO_GET_ISSUER_CERT: 'is signed by an unknown authority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'is signed by an unknown authority',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'is signed by an unknown authority',
};

/** Codes of errors that a server which speaks no TLS causes. */
const NO_TLS = new Set(['EPROTO', 'ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG']);

type Urls = readonly [string, ...string[]];

/** What to tell people about a failure: what has happened, and what to do. */
export function failureSentence(explanation: Explanation, error: unknown, urls: () => Urls): string {
  const { message, type, requestId } = explanation;
  if (error instanceof NetworkError) return networkFailure(error, urls());
  if (type === 'timeout') return unreachable(urls(), message);
  if (error instanceof OctoStoreError && isNotOurs(error)) return notOurs(error, urls());
  return requestId === undefined ? message : `${message} (request ${requestId})`;
}

function networkFailure(error: NetworkError, urls: Urls): string {
  const { code = '' } = Object(error.cause) as { readonly code?: string };
  const flaw = TLS_FAILURES[code];
  if (flaw !== undefined)
    return `The TLS certificate of ${urls.join(', ')} ${flaw}. Check the URL, or give the authority's certificate in NODE_EXTRA_CA_CERTS.`;
  if (NO_TLS.has(code))
    return `${urls.join(', ')} does not answer with TLS. Check the URL: it may have to begin with http.`;
  return unreachable(urls, error.message);
}

/** A response that has neither a code nor a request id is not from OctoStore. A proxy may answer for a server that is down. */
function isNotOurs({ status, code, requestId, type }: OctoStoreError): boolean {
  return status !== undefined && code === undefined && requestId === undefined && type !== 'unavailable';
}

function notOurs({ status }: OctoStoreError, urls: Urls): string {
  return `${urls.join(', ')} does not answer as an OctoStore server does (status ${status ?? 'unknown'}). Check the URL, and what is in between.`;
}

function unreachable([url, ...others]: Urls, why: string): string {
  if (others.length === 0)
    return `${url} cannot be reached: ${why}. Check the URL, and that the server is running.`;
  return `None of ${[url, ...others].join(', ')} can be reached: ${why}. Check the URLs, and that the servers are running.`;
}
