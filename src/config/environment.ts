import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { ADMIN_KEY_LENGTH_MIN_FOR_NOW, KEY_LENGTH_MIN, KEY_RULE } from './key-rules.js';
import {
  ACCOUNT_NAME_RULE,
  isAccountName,
  ADMINISTRATOR_NAME_RULE,
  isOtherAccount,
} from './account-names.js';
import { isIssuer, ISSUER_RULE, oidcMistakes } from './oidc-rules.js';
import { parseDatabaseUrl, type DatabaseUrl } from './database-url.js';
import { pairs, ratio } from './open-telemetry-rules.js';

/** Pairs of settings. Both must be set, or neither. */
const PAIRS = [
  ['GITHUB_CLIENT_ID', 'GITHUB_CLIENT_SECRET'],
  ['TLS_CERT_FILE', 'TLS_KEY_FILE'],
] as const;

/** The names that OpenTelemetry gives to ways of choosing the traces that are recorded. */
const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

/** Every setting, by the name of its environment variable. `.env.example` describes the same set; a test compares them. */
export const ENVIRONMENT = z
  .object({
    BIND_ADDR: z.string().default('0.0.0.0:3000').transform(parseAddress),
    TLS_CERT_FILE: z.string().optional(),
    TLS_KEY_FILE: z.string().optional(),
    DATABASE_URL: z.string().default('octostore.db').transform(parseDatabase),
    DATABASE_PASSWORD_FILE: z.string().optional(),
    ADVERTISE_URL: advertisedUrl().optional(),
    CLUSTER_CA_FILE: z.string().optional(),
    ALLOW_ASYNC_STANDBY: flag(),
    CONFIRMED_READS: flag(),

    GITHUB_CLIENT_ID: z.string().optional(),
    GITHUB_CLIENT_SECRET: z.string().optional(),
    GITHUB_REDIRECT_URI: httpUrl().default('http://localhost:3000/auth/github/callback'),
    GITHUB_BASE_URL: httpUrl().default('https://github.com'),
    GITHUB_ALLOWED_ORGS: list(),
    GITHUB_ALLOWED_USERS: accounts(),

    OIDC_ISSUER: issuer().optional(),
    OIDC_CLIENT_ID: z.string().optional(),
    OIDC_CLIENT_SECRET: z.string().optional(),
    OIDC_CLIENT_SECRET_FILE: z.string().optional(),
    OIDC_REDIRECT_URI: httpUrl().default('http://localhost:3000/auth/oidc/callback'),
    OIDC_NAME: z.string().max(100, 'must have at most 100 characters').default('The OpenID Connect provider'),
    OIDC_SCOPES: list().default(['openid', 'profile', 'email']),
    OIDC_GROUPS_CLAIM: z.string().default('groups'),
    OIDC_ALLOWED_GROUPS: list(),
    OIDC_ALLOWED_EMAIL_DOMAINS: list(),
    OIDC_ALLOWED_SUBJECTS: list(),
    OIDC_CA_FILE: z.string().optional(),

    MEMBERSHIP_RECHECK_HOURS: integer(12, 1, 720),

    STATIC_TOKENS: z.string().optional(),
    STATIC_TOKENS_FILE: z.string().optional(),
    TRUSTED_ISSUERS_FILE: z.string().optional(),
    ADMIN_KEY: keys(ADMIN_KEY_LENGTH_MIN_FOR_NOW),
    METRICS_KEY: keys(KEY_LENGTH_MIN),
    ADMIN_USERS: administrators(),
    SECRET_KEY: z.string().min(16, 'must have at least 16 characters').optional(),

    MAX_LOCKS: integer(1_000_000, 1, 10_000_000),
    MAX_LOCKS_PER_USER: integer(100, 1, 10_000_000),
    MAX_SESSIONS: integer(100_000, 1, 10_000_000),
    MAX_SESSIONS_PER_USER: integer(1_000, 1, 1_000_000),
    MAX_WAITERS: integer(20_000, 0, 1_000_000),
    MAX_WAITERS_PER_USER: integer(2_000, 0, 1_000_000),
    MAX_FENCES: integer(100_000, 0, 10_000_000),
    MAX_FENCES_PER_USER: integer(1_000, 0, 10_000_000),
    MAX_WATCHERS: integer(20_000, 0, 1_000_000),
    MAX_WATCHERS_PER_USER: integer(1_000, 0, 1_000_000),
    MAX_STREAM_BUFFER_MB: integer(256, 1, 1_000_000),
    MAX_STREAM_BUFFER_MB_PER_USER: integer(16, 1, 1_000_000),
    MAX_PENDING_COMMANDS: integer(5_000, 1, 1_000_000),
    CLIENT_REQUESTS_PER_SECOND: integer(0, 0, 1_000_000),
    AUTH_FAILURES_PER_MINUTE: integer(60, 1, 1_000_000),
    SIGN_INS_PER_MINUTE: integer(30, 1, 100_000),
    BROWSER_SESSION_IDLE_MINUTES: integer(480, 5, 43_200),
    BROWSER_SESSION_HOURS: integer(168, 1, 8_760),
    MAX_CONNECTIONS: integer(0, 0, 10_000_000),
    MAX_PIPELINED_REQUESTS: integer(10_000, 0, 10_000_000),
    UNREAD_ANSWER_SECONDS: integer(30, 1, 3600),
    TRUST_PROXY: list(),
    LEAN_ROUTES: flag(true),

    PROOF_KEY_DAYS: integer(30, 1, 3_650),

    RESTART_GRACE_SECONDS: integer(10, 0, 3600),
    AUDIT_RETENTION_DAYS: integer(365, 1, 36_500),
    EVENT_RETENTION: integer(100_000, 100, 100_000_000),
    MIN_FREE_DISK_MB: integer(64, 0, 1_000_000),
    BACKUP_DIR: z.string().optional(),
    BACKUP_EVERY_HOURS: integer(24, 1, 8_760),
    BACKUP_KEEP: integer(7, 1, 10_000),
    SHUTDOWN_DELAY_SECONDS: integer(0, 0, 300),

    WEBHOOK_ALLOW_PRIVATE_NETWORKS: networks(),
    WEBHOOK_CA_FILE: z.string().optional(),
    WEBHOOK_TESTS_PER_MINUTE: integer(10, 1, 10_000),

    LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
    LOG_FORMAT: z.enum(['json', 'pretty']).optional(),
    LOG_BUFFER_KB: integer(1_024, 16, 1_000_000),

    OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl().optional(),
    OTEL_EXPORTER_OTLP_HEADERS: pairs(),
    OTEL_SERVICE_NAME: z.string().default('octostore'),
    OTEL_RESOURCE_ATTRIBUTES: pairs(),
    OTEL_TRACES_SAMPLER: z.enum(SAMPLERS).default('parentbased_always_on'),
    OTEL_TRACES_SAMPLER_ARG: ratio(1),
  })
  .superRefine((settings, context) => {
    for (const pair of PAIRS) {
      const missing = pair.filter((name) => settings[name] === undefined);
      if (missing.length !== 1) continue;
      const message = `must be set too, because ${pair.find((name) => !missing.includes(name)) ?? ''} is set`;
      context.addIssue({ code: 'custom', path: missing, message });
    }
    for (const { path, message } of oidcMistakes(settings)) {
      context.addIssue({ code: 'custom', path: [path], message });
    }
    if (settings.METRICS_KEY.some((key) => settings.ADMIN_KEY.includes(key))) {
      context.addIssue({
        code: 'custom',
        path: ['METRICS_KEY'],
        message: 'must not be one of the keys in ADMIN_KEY, because those open every route. Make another one',
      });
    }
  });

export interface BindAddress {
  readonly host: string;
  readonly port: number;
}

/** A whole number within bounds, with a default. */
function integer(byDefault: number, min: number, max: number) {
  return z
    .string()
    .regex(/^\d{1,15}$/, 'must be a whole number')
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be between ${min} and ${max}`)
    .default(byDefault);
}

/** `true` or `false`. */
function flag(byDefault = false) {
  return z
    .enum(['true', 'false'], 'must be true or false')
    .transform((value) => value === 'true')
    .default(byDefault);
}

/** Names separated by commas or white space. */
function list() {
  return z
    .string()
    .transform((text) => text.split(/[\s,]+/).filter((item) => item !== ''))
    .default([]);
}

/** Networks and addresses. `true` stands for all private networks, and `false` for none. */
function networks() {
  return list()
    .transform((items) => items.filter((item) => item !== 'false'))
    .refine(
      (items) => items.every((item) => item === 'true' || isNetwork(item)),
      'must be true, false, or networks such as 10.0.0.0/8,fd12:3456::/32',
    );
}

/** Only complete addresses: some programs read `10.0` as 10.0.0.0, others as 0.0.0.10. */
function isNetwork(text: string): boolean {
  const [address = ''] = text.split('/', 1);
  return isIP(address) !== 0 && (address === text || ipaddr.isValidCIDR(text));
}

/** Keys separated by commas, such as an old one and a new one. */
function keys(lengthMin: number) {
  return z
    .string()
    .transform((text) =>
      text
        .split(',')
        .map((key) => key.trim())
        .filter((key) => key !== ''),
    )
    .refine((all) => all.length > 0 && all.every((key) => key.length >= lengthMin), KEY_RULE)
    .default([]);
}

/** GitHub accounts, by login or numeric id. */
function accounts() {
  return list().refine((entries) => entries.every(isAccountName), ACCOUNT_NAME_RULE);
}

/** Accounts of any kind that can be an administrator's. */
function administrators() {
  return list().refine(
    (entries) => entries.every((entry) => isAccountName(entry) || isOtherAccount(entry)),
    ADMINISTRATOR_NAME_RULE,
  );
}

/** An http or https URL. Slashes at its end are removed. */
function httpUrl() {
  return z
    .string()
    .refine(
      (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
      'must be an http(s) URL',
    )
    .transform((text) => text.replace(/\/+$/, ''));
}

/** Kept exactly as it is, because it is compared with what the provider writes in its tokens. */
function issuer() {
  return z.string().refine(isIssuer, ISSUER_RULE);
}

/** A URL that anyone may see, so it has no password, and that a path can be added to. */
function advertisedUrl() {
  return httpUrl().refine((text) => {
    const { username, password, search, hash } = new URL(text);
    return [username, password, search, hash].every((part) => part === '');
  }, 'must not have a user, a password, a query or a fragment');
}

function parseAddress(text: string, context: z.RefinementCtx): BindAddress {
  const match = /^(?:(?<host>[^\s:]+|\[[0-9a-fA-F:.]+\]):)?(?<port>\d{1,5})$/.exec(text);
  const port = Number(match?.groups?.['port']);
  if (match === null || port > 65_535) {
    context.addIssue({ code: 'custom', message: 'must be host:port, such as 0.0.0.0:3000' });
    return z.NEVER;
  }
  return { host: (match.groups?.['host'] ?? '0.0.0.0').replace(/^\[|\]$/g, ''), port };
}

/** The database is a path, a path as a `sqlite:` or `file:` URL, or a `postgres:` URL. */
function parseDatabase(text: string, context: z.RefinementCtx): DatabaseUrl {
  const parsed = parseDatabaseUrl(text);
  if (parsed.kind === 'parsed') return parsed.url;
  context.addIssue({ code: 'custom', message: parsed.reason });
  return z.NEVER;
}
