import { Bearer, type ExpiringToken, type TokenFunction } from './bearer.js';
import { Caller } from './calls.js';
import { checkedBaseUrls } from './checks.js';
import { environment } from './environment.js';
import { Fields } from './fields.js';
import { RULES } from './rules.js';
import { Servers } from './servers.js';
import type { Fetch } from './transport.js';

export interface ExchangeOptions {
  /** The servers, as for a client. `OCTOSTORE_BASE_URL` by default. */
  readonly baseUrl?: string | readonly string[] | undefined;
  /**
   * Gives the token of an issuer that the server trusts, such as the OpenID Connect token of a CI job. It is called for each exchange, so
   * read the file again, or ask the platform for a new token.
   */
  readonly subjectToken: () => string | Promise<string>;
  /** Timeout of an exchange in milliseconds, 10,000 by default. */
  readonly timeoutMs?: number | undefined;
  /** Sends the HTTP requests, as for a client. */
  readonly fetch?: Fetch | undefined;
}

/**
 * A function for the option `token` of a client: it exchanges the token of an issuer for one of the server, and again before that
 * ends. So a CI job or a service needs no stored secret.
 */
export function exchangedToken({
  baseUrl,
  subjectToken,
  timeoutMs = RULES.timeout_ms_default,
  fetch,
}: ExchangeOptions): TokenFunction {
  const { OCTOSTORE_BASE_URL } = environment();
  const urls = checkedBaseUrls(baseUrl ?? (OCTOSTORE_BASE_URL || RULES.default_base_url));
  const limits = { timeoutMs, callTimeoutMs: timeoutMs, fetch };
  const caller = new Caller(new Servers(urls), new Bearer(null), limits);
  return async () => {
    const body = {
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      subject_token: (await subjectToken()).trim(),
    };
    const request = { method: 'POST', path: '/auth/exchange', body } as const;
    const call = { request: () => request, read: readToken, isSafe: true, isPublic: true };
    return (await caller.call(call)).value;
  };
}

function readToken(text: string): ExpiringToken {
  const fields = Fields.parse(text);
  return { token: fields.text('access_token'), expiresInSeconds: fields.number('expires_in') };
}
