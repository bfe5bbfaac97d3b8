import type { Config } from '../../config/config.js';

/** The settings for sign-in with GitHub. */
export interface GitHubSettings {
  readonly clientId: string;
  readonly clientSecret: string;
  /** The URL that GitHub redirects the browser to. */
  readonly redirectUri: string;
  readonly authorizeUrl: string;
  readonly tokenUrl: string;
  /** The base URL of the REST API, without a trailing slash. */
  readonly apiUrl: string;
  /** If both lists are empty, anyone with a GitHub account may sign in. */
  readonly allowedOrgs: readonly string[];
  readonly allowedUsers: readonly string[];
}

/** The settings, or null if sign-in with GitHub is not configured. */
export function gitHubSettings(config: Config): GitHubSettings | null {
  const { GITHUB_CLIENT_ID: clientId, GITHUB_CLIENT_SECRET: clientSecret, GITHUB_BASE_URL: baseUrl } = config;
  if (clientId === undefined || clientSecret === undefined) return null;
  return {
    clientId,
    clientSecret,
    redirectUri: config.GITHUB_REDIRECT_URI,
    authorizeUrl: `${baseUrl}/login/oauth/authorize`,
    tokenUrl: `${baseUrl}/login/oauth/access_token`,
    apiUrl: apiUrlOf(baseUrl),
    allowedOrgs: config.GITHUB_ALLOWED_ORGS,
    allowedUsers: config.GITHUB_ALLOWED_USERS,
  };
}

/** github.com and its regional installations have a separate host for the API. GitHub Enterprise Server has a path. */
function apiUrlOf(baseUrl: string): string {
  const { protocol, host } = new URL(baseUrl);
  const hasApiHost = host === 'github.com' || host.endsWith('.ghe.com');
  return hasApiHost ? `${protocol}//api.${host}` : `${baseUrl}/api/v3`;
}
