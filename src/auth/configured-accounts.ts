import type { AuditTrail } from '../audit/audit-trail.js';
import { parsedObject } from '../audit/audit-record.js';
import { SERVER_ORIGIN } from '../audit/origin.js';
import type { Config } from '../config/config.js';
import { canonicalJson, type JsonObject, type JsonValue } from '../journal/canonical-json.js';
import type { Journal } from '../journal/journal.js';
import { RowChanges } from '../journal/row-changes.js';
import type { SecretBox } from '../secrets/secret-box.js';
import type { LockStore } from '../store/lock-store.js';
import type { TrustedIssuer, TrustedIssuers } from './exchange/trusted-issuers.js';
import type { StaticTokens } from './tokens/static-tokens.js';
import { firstIdOf } from './tokens/valid-token.js';

/** How many records a start reads at most, from the end, to find what the leader before had in its configuration. */
const RECORDS_READ_MAX = 1_000;

/** The settings that say who may sign in, and who is an administrator. None of them is a secret. */
const SETTINGS = [
  'ADMIN_USERS',
  'GITHUB_ALLOWED_ORGS',
  'GITHUB_ALLOWED_USERS',
  'OIDC_ISSUER',
  'OIDC_ALLOWED_GROUPS',
  'OIDC_ALLOWED_EMAIL_DOMAINS',
  'OIDC_ALLOWED_SUBJECTS',
] as const satisfies readonly (keyof Config)[];

/** The keys of operators. */
const KEYS = ['ADMIN_KEY', 'METRICS_KEY'] as const satisfies readonly (keyof Config)[];

const FINGERPRINT_LENGTH = 16;

/** Makes fingerprints, from which no one without SECRET_KEY can guess a key. */
type Signer = Pick<SecretBox, 'sign'>;

/** The configuration, with what was read from the files that it names. */
interface Configured {
  readonly config: Config;
  readonly staticTokens: StaticTokens;
  readonly issuers: TrustedIssuers;
  readonly secrets: Signer;
}

interface Parts extends Configured {
  readonly journal: Pick<Journal, 'page'>;
  readonly store: Pick<LockStore, 'write'>;
  readonly trail: AuditTrail;
}

/** Records who has access because of the configuration, if that is not what the audit says already. */
export async function recordConfigured({ journal, store, trail, ...configured }: Parts): Promise<void> {
  const details = detailsOf(configured);
  const known = await lastRecorded(journal);
  if (known !== null && canonicalJson(known) === canonicalJson(details)) return;
  const rows = new RowChanges();
  trail.record(rows, {
    action: 'configuration.change',
    origin: SERVER_ORIGIN,
    subject: null,
    outcome: 'ok',
    details,
  });
  await store.write(rows);
}

/** What was recorded last. Null if that is not known. */
async function lastRecorded(journal: Pick<Journal, 'page'>): Promise<JsonObject | null> {
  const rows = await journal.page('audit_records', 'key', { isDescending: true, limit: RECORDS_READ_MAX });
  for (const { record } of rows) {
    const fields = parsedObject(record);
    if (fields?.['action'] === 'configuration.change') return (fields['details'] ?? {}) as JsonObject;
  }
  const isAllRead = rows.length === 0 || rows.at(-1)?.number === 1;
  return isAllRead ? NOTHING : null;
}

const NOTHING: JsonObject = { settings: {}, keys: {}, static_tokens: {}, trusted_issuers: [] };

function detailsOf({ config, staticTokens, issuers, secrets }: Configured): JsonObject {
  return {
    settings: settingsIn(config),
    keys: keysIn(config, secrets),
    static_tokens: tokenIdsIn(staticTokens),
    trusted_issuers: [...issuers.all()].map(factsOfIssuer),
  };
}

function factsOfIssuer({ url, audience, subjects, claims }: TrustedIssuer): JsonObject {
  return {
    issuer: url,
    audience,
    subjects: subjects.map(({ text }) => text),
    claims: Object.fromEntries(claims.map(([name, values]) => [name, [...values]])),
  };
}

function settingsIn(config: Config): JsonObject {
  const set = SETTINGS.map((name): [string, JsonValue | undefined] => [name, config[name]]);
  return Object.fromEntries(
    set.filter((entry): entry is [string, JsonValue] => entry[1] !== undefined && !isEmptyList(entry[1])),
  );
}

function keysIn(config: Config, secrets: Signer): JsonObject {
  const set = KEYS.map((name): [string, string[]] => [
    name,
    config[name].map((key) => secrets.sign(name, key).slice(0, FINGERPRINT_LENGTH)).toSorted(),
  ]);
  return Object.fromEntries(set.filter(([, fingerprints]) => fingerprints.length > 0));
}

function isEmptyList(value: JsonValue): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** The ids of the tokens of each user. */
function tokenIdsIn(tokens: StaticTokens): JsonObject {
  const ids: Record<string, string[]> = {};
  for (const [tokenHash, name] of tokens.entries()) (ids[`static:${name}`] ??= []).push(firstIdOf(tokenHash));
  for (const list of Object.values(ids)) list.sort();
  return ids;
}
