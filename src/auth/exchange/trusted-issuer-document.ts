import { z } from 'zod';
import { ALGORITHMS } from '../signature-algorithms.js';
import { ISSUED_SUBJECT_LENGTH_MAX, ISSUER_FORM } from '../../access/policy/oidc-subject.js';

/** The most bytes of the file with trusted issuers. */
export const ISSUERS_BYTES_MAX = 64 * 1024;

/** How many entries each list of the file may have. */
const ENTRIES_MAX = 100;

const text = z.string('must be a text').min(1, 'must not be empty').max(1_000, 'is too long');

const listOf = <T extends z.ZodType>(item: T): z.ZodArray<T> =>
  z
    .array(item, 'must be a list')
    .min(1, 'is empty. Name at least one')
    .max(ENTRIES_MAX, `has more than ${ENTRIES_MAX} entries`);

const claimValue = z.union([text, z.number(), z.boolean()], 'must be a text, a number, true or false');

const claims = z
  .record(text, z.union([claimValue, listOf(claimValue)], 'must be a value, or a list of values'))
  .refine((named) => Object.keys(named).length > 0, 'is empty. Name a claim, or leave it out');

const httpsUrl = text.refine(isHttpsUrl, 'must be an https:// URL without a user and a fragment');

const issuer = z.strictObject(
  {
    issuer: text.regex(
      new RegExp(`^${ISSUER_FORM}$`),
      'must be the https:// URL that the tokens have as iss, without a colon in its path',
    ),
    audience: text,
    subjects: listOf(
      text.max(ISSUED_SUBJECT_LENGTH_MAX, `has more than ${ISSUED_SUBJECT_LENGTH_MAX} characters`),
    ),
    claims: claims.optional(),
    algorithms: listOf(
      z.enum(ALGORITHMS, {
        error: ({ input }) => `${JSON.stringify(input)} is not allowed. Use ${ALGORITHMS.join(', ')}`,
      }),
    ).optional(),
    jwks_uri: httpsUrl.optional(),
    ca_file: text.optional(),
    bearer_token_file: text.optional(),
  },
  'must be an entry with issuer, audience and subjects',
);

/** The issuers whose tokens may be exchanged. */
export const trustedIssuersDocument = z.strictObject({ issuers: listOf(issuer) }, 'must have issuers');

export type TrustedIssuersDocument = z.infer<typeof trustedIssuersDocument>;

/** An issuer as the file describes it. */
export type TrustedIssuerEntry = TrustedIssuersDocument['issuers'][number];

export type ClaimValue = z.infer<typeof claimValue>;

function isHttpsUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, username, password, hash } = new URL(value);
  return protocol === 'https:' && [username, password, hash].every((part) => part === '');
}
