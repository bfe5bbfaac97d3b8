import { isOtherAccount } from '../../config/account-names.js';
import type { Config } from '../../config/config.js';
import { isKeyWithComma, secretLengthMin } from '../../secrets/secret-keys.js';
import { KEY_COMMAND, KEY_LENGTH_MIN, STATIC_TOKEN_LENGTH_MIN } from '../../config/key-rules.js';

const ALL_ADDRESSES = new Set(['0.0.0.0', '::', '::0', '0:0:0:0:0:0:0:0']);

type Warned = Pick<
  Config,
  | 'ADMIN_KEY'
  | 'ADMIN_USERS'
  | 'BIND_ADDR'
  | 'DATABASE_URL'
  | 'GITHUB_ALLOWED_ORGS'
  | 'GITHUB_ALLOWED_USERS'
  | 'GITHUB_BASE_URL'
  | 'GITHUB_CLIENT_ID'
  | 'OIDC_ALLOWED_EMAIL_DOMAINS'
  | 'OIDC_ALLOWED_GROUPS'
  | 'OIDC_ALLOWED_SUBJECTS'
  | 'OIDC_ISSUER'
  | 'SECRET_KEY'
  | 'TLS_CERT_FILE'
  | 'TRUST_PROXY'
>;

/**
 * Warnings about this configuration, for operators. Each says what to do. They contain no secrets.
 * @param usersWithShortTokens Static users with a token that is too short.
 */
export function startWarnings(config: Warned, usersWithShortTokens: ReadonlySet<string>): string[] {
  const warnings: string[] = [];
  if (isOpenToEveryone(config)) {
    warnings.push(
      `Anyone with an account at ${config.GITHUB_BASE_URL} may sign in. To allow fewer people, set GITHUB_ALLOWED_ORGS or GITHUB_ALLOWED_USERS`,
    );
  }
  if (isOidcOpenToEveryone(config)) {
    warnings.push(
      `Everyone whom ${config.OIDC_ISSUER ?? ''} signs in may sign in here. To allow fewer people, set OIDC_ALLOWED_GROUPS, OIDC_ALLOWED_EMAIL_DOMAINS or OIDC_ALLOWED_SUBJECTS`,
    );
  }
  if (isExposedWithoutTls(config)) {
    warnings.push(
      'Others on the network can read tokens, because this server listens on all addresses without TLS. ' +
        'Set TLS_CERT_FILE and TLS_KEY_FILE, or put a proxy with TLS in front and name it in TRUST_PROXY, or set BIND_ADDR to 127.0.0.1:3000',
    );
  }
  if (config.ADMIN_KEY.some((key) => key.length < KEY_LENGTH_MIN)) {
    warnings.push(
      `ADMIN_KEY has a key of fewer than ${KEY_LENGTH_MIN} characters. The next release will not start with it. Make a new one with ${KEY_COMMAND}`,
    );
  }
  if (isKeyWithComma(config)) {
    warnings.push(
      'SECRET_KEY is used as one key with a comma in it, because what is between its commas is too short for keys. If it lists keys, each needs ' +
        `${secretLengthMin(config)} characters`,
    );
  }
  const noAccounts =
    config.GITHUB_CLIENT_ID === undefined ? config.ADMIN_USERS.filter((name) => !isOtherAccount(name)) : [];
  if (noAccounts.length > 0) {
    warnings.push(
      `ADMIN_USERS names GitHub accounts, but no one can sign in with GitHub here: ${noAccounts.join(', ')}. ` +
        'If you mean other accounts, write static:NAME, local:NAME or oidc:ISSUER:SUBJECT',
    );
  }
  if (usersWithShortTokens.size > 0) {
    warnings.push(
      `STATIC_TOKENS or STATIC_TOKENS_FILE has tokens of fewer than ${STATIC_TOKEN_LENGTH_MIN} characters. They belong to ` +
        `${[...usersWithShortTokens].join(', ')}. The next release will not start with them. Make new ones with ${KEY_COMMAND}`,
    );
  }
  return warnings;
}

function isOpenToEveryone({ GITHUB_CLIENT_ID, GITHUB_ALLOWED_ORGS, GITHUB_ALLOWED_USERS }: Warned): boolean {
  return (
    GITHUB_CLIENT_ID !== undefined && GITHUB_ALLOWED_ORGS.length === 0 && GITHUB_ALLOWED_USERS.length === 0
  );
}

function isOidcOpenToEveryone(config: Warned): boolean {
  const { OIDC_ALLOWED_GROUPS, OIDC_ALLOWED_EMAIL_DOMAINS, OIDC_ALLOWED_SUBJECTS } = config;
  const lists = [OIDC_ALLOWED_GROUPS, OIDC_ALLOWED_EMAIL_DOMAINS, OIDC_ALLOWED_SUBJECTS];
  return config.OIDC_ISSUER !== undefined && lists.every((list) => list.length === 0);
}

/** Whether tokens cross the network in plain text, as far as the configuration says. A trusted proxy is assumed to use TLS. */
export function isExposedWithoutTls({
  BIND_ADDR,
  TLS_CERT_FILE,
  TRUST_PROXY,
}: Pick<Config, 'BIND_ADDR' | 'TLS_CERT_FILE' | 'TRUST_PROXY'>): boolean {
  return TLS_CERT_FILE === undefined && ALL_ADDRESSES.has(BIND_ADDR.host) && TRUST_PROXY.length === 0;
}
