import { ConfigError, type Config } from '../../config/config.js';
import { readText } from '../../config/text-file.js';

/** The settings for sign-in with an OpenID Connect provider. */
export interface OidcSettings {
  /** Exactly as the provider writes it in its tokens. */
  readonly issuer: string;
  /** What people call the provider. */
  readonly name: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The URL that the provider redirects the browser to. */
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  /** The claim with the user's groups. */
  readonly groupsClaim: string;
  readonly caFile: string | null;
  /** If all lists are empty, anyone whom the provider signs in may sign in here. */
  readonly allowed: OidcAllowed;
}

export interface OidcAllowed {
  readonly groups: readonly string[];
  /** In lower case. */
  readonly emailDomains: readonly string[];
  readonly subjects: readonly string[];
}

/** The settings, or null if sign-in with OpenID Connect is not configured. Throws `ConfigError` if the secret's file is unusable. */
export function oidcSettings(config: Config): OidcSettings | null {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId } = config;
  if (issuer === undefined || clientId === undefined) return null;
  return {
    issuer,
    name: config.OIDC_NAME,
    clientId,
    clientSecret: config.OIDC_CLIENT_SECRET ?? secretIn(config.OIDC_CLIENT_SECRET_FILE ?? ''),
    redirectUri: config.OIDC_REDIRECT_URI,
    scopes: [...new Set(['openid', ...config.OIDC_SCOPES])],
    groupsClaim: config.OIDC_GROUPS_CLAIM,
    caFile: config.OIDC_CA_FILE ?? null,
    allowed: {
      groups: config.OIDC_ALLOWED_GROUPS,
      emailDomains: config.OIDC_ALLOWED_EMAIL_DOMAINS.map((domain) => domain.toLowerCase()),
      subjects: config.OIDC_ALLOWED_SUBJECTS,
    },
  };
}

function secretIn(path: string): string {
  const secret = textOf(path)?.trim();
  if (secret !== undefined && secret !== '') return secret;
  throw new ConfigError([
    'OIDC_CLIENT_SECRET_FILE: the file cannot be read, or is empty. Check its path, its permissions and its content',
  ]);
}

function textOf(path: string): string | null {
  try {
    return readText(path);
  } catch {
    return null;
  }
}
