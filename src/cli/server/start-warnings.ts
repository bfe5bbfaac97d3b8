import type { Config } from '../../config/config.js';
import { HOW_TO_MAKE_ONE, KEY_LENGTH_MIN, STATIC_TOKEN_LENGTH_MIN } from '../../config/key-rules.js';

const ALL_ADDRESSES = new Set(['0.0.0.0', '::', '::0', '0:0:0:0:0:0:0:0']);

type Warned = Pick<
  Config,
  | 'ADMIN_KEY'
  | 'BIND_ADDR'
  | 'GITHUB_ALLOWED_ORGS'
  | 'GITHUB_ALLOWED_USERS'
  | 'GITHUB_BASE_URL'
  | 'GITHUB_CLIENT_ID'
  | 'TLS_CERT_FILE'
  | 'TRUST_PROXY'
>;

/**
 * What somebody should look at who runs a server with this configuration, with what to do about it. Names no secret.
 *
 * @param usersWithShortTokens static users with a token that is too short.
 */
export function startWarnings(config: Warned, usersWithShortTokens: ReadonlySet<string>): string[] {
  const warnings: string[] = [];
  if (isOpenToEverybody(config)) {
    warnings.push(
      `Everybody with an account at ${config.GITHUB_BASE_URL} may sign in: set GITHUB_ALLOWED_ORGS or GITHUB_ALLOWED_USERS`,
    );
  }
  if (isExposedWithoutTls(config)) {
    warnings.push(
      'Tokens can be read on the network: this server listens on all addresses without TLS. ' +
        'Set TLS_CERT_FILE and TLS_KEY_FILE, put a proxy with TLS in front and name it in TRUST_PROXY, or set BIND_ADDR to 127.0.0.1:3000',
    );
  }
  if (config.ADMIN_KEY.some((key) => key.length < KEY_LENGTH_MIN)) {
    warnings.push(
      `ADMIN_KEY has fewer than ${KEY_LENGTH_MIN} characters, and from the next release on the server does not start with it: ${HOW_TO_MAKE_ONE}`,
    );
  }
  if (usersWithShortTokens.size > 0) {
    warnings.push(
      `STATIC_TOKENS or STATIC_TOKENS_FILE has tokens of fewer than ${STATIC_TOKEN_LENGTH_MIN} characters, and from the next ` +
        `release on the server does not start with them. They belong to ${[...usersWithShortTokens].join(', ')}. To replace one, ${HOW_TO_MAKE_ONE}`,
    );
  }
  return warnings;
}

function isOpenToEverybody({ GITHUB_CLIENT_ID, GITHUB_ALLOWED_ORGS, GITHUB_ALLOWED_USERS }: Warned): boolean {
  return (
    GITHUB_CLIENT_ID !== undefined && GITHUB_ALLOWED_ORGS.length === 0 && GITHUB_ALLOWED_USERS.length === 0
  );
}

/** Whether other machines are talked to in plain text, as far as can be told: a proxy that is trusted is taken to have TLS. */
export function isExposedWithoutTls({
  BIND_ADDR,
  TLS_CERT_FILE,
  TRUST_PROXY,
}: Pick<Config, 'BIND_ADDR' | 'TLS_CERT_FILE' | 'TRUST_PROXY'>): boolean {
  return TLS_CERT_FILE === undefined && ALL_ADDRESSES.has(BIND_ADDR.host) && TRUST_PROXY.length === 0;
}
