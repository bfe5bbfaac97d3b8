import { ISSUED_SUBJECT_FORM, ISSUER_FORM } from '../../access/policy/oidc-subject.js';
import { OctoStoreError } from '../../errors/octostore-error.js';
import type { UserRow } from '../../journal/rows/user-row.js';
import { DOCUMENTED_USER_NAME, USER_NAME_CHARACTERS } from './static-tokens.js';

type Provider = UserRow['provider'];

const PROVIDERS = ['github', 'static', 'local', 'service'] as const satisfies readonly Provider[];

const OIDC = 'oidc:';

const SOURCE = `((${PROVIDERS.join('|')}):)?`;

/** How administrators name a user: by a login, by a login with its source, such as `github:ada`, or by the subject of an issuer. */
const NAMED_USER_PATTERN = `^(${SOURCE}${USER_NAME_CHARACTERS}|${OIDC}${ISSUER_FORM}:${ISSUED_SUBJECT_FORM})$`;

/** For the API document, which does not say which issuers and subjects are valid. */
const DOCUMENTED_SUBJECT = String.raw`${OIDC}https://[^\x00-\x20,\x7f]+`;
const DOCUMENTED_NAMED_USER = `^(${SOURCE}${DOCUMENTED_USER_NAME}|${DOCUMENTED_SUBJECT})$`;

/** The rule. It follows the field's name in a sentence. */
export const NAMED_USER_RULE =
  'must be a login of 1 to 100 characters without white space, commas or colons, optionally after github:, static:, local: or service:, or oidc:ISSUER:SUBJECT';

/** More than any login of 100 characters with its source needs, and any subject of an issuer. */
const USER_BYTES_MAX = 1024;

/** The validation of fields that name a user. */
export const NAMED_USER = {
  minLength: 1,
  maxBytes: USER_BYTES_MAX,
  pattern: NAMED_USER_PATTERN,
  documentedPattern: DOCUMENTED_NAMED_USER,
  rule: NAMED_USER_RULE,
} as const;

const shape = new RegExp(NAMED_USER_PATTERN, 'u');

/** A user as administrators name one. */
export interface NamedUser {
  /** If the provider is `oidc`, the issuer and the subject. */
  readonly login: string;
  /** The source of the account. Null if none was given. */
  readonly provider: Provider | null;
}

/** Throws `validation_failed`. */
export function parseNamedUser(text: string): NamedUser {
  if (!shape.test(text)) {
    throw new OctoStoreError('validation_failed', { details: `The user ${NAMED_USER_RULE}.` });
  }
  if (text.startsWith(OIDC)) return { provider: 'oidc', login: text.slice(OIDC.length) };
  const colon = text.indexOf(':');
  const provider = PROVIDERS.find((name) => name === text.slice(0, colon)) ?? null;
  return { provider, login: text.slice(colon + 1) };
}
