import type { Clock } from '../../clock/clock.js';
import { OctoStoreError } from '../../errors/octostore-error.js';
import { integerWithin, textWithin } from '../../http/input/checks.js';
import type { TokenTerms } from './valid-token.js';

/** How long a token may last if it expires at all, in seconds: a minute to ten years. */
export const TOKEN_LIFETIME_SECONDS = { min: 60, max: 315_360_000 } as const;

/** The maximum size of a label, in bytes of UTF-8. */
const LABEL_BYTES_MAX = 100;

/** The validation of labels. They are shown in tables, so they have no line breaks or invisible characters. */
export const LABEL = {
  minLength: 1,
  maxBytes: LABEL_BYTES_MAX,
  pattern: String.raw`^[^\p{Cc}\p{Cf}\p{Cs}]+$`,
  documentedPattern: String.raw`^[^\x00-\x1f\x7f-\x9f\xad]+$`,
  rule: `must be a text of 1 to ${LABEL_BYTES_MAX} bytes of UTF-8 without line breaks or invisible characters`,
} as const;

/** What a request to create a token says about it. */
export interface AskedTerms {
  readonly label?: string | null | undefined;
  readonly expires_in_seconds?: number | null | undefined;
}

const isLabel = textWithin(LABEL);
const isLifetime = integerWithin(TOKEN_LIFETIME_SECONDS);

/** For terms that do not come from a request, whose body is validated already. Throws `validation_failed`. */
export function assertValidTerms({ label, expires_in_seconds: seconds }: AskedTerms): void {
  if (label != null && !isLabel(label))
    throw new OctoStoreError('validation_failed', { details: `The label ${LABEL.rule}.` });
  if (seconds != null && !isLifetime(seconds)) {
    const { min, max } = TOKEN_LIFETIME_SECONDS;
    throw new OctoStoreError('validation_failed', {
      details: `The token must last from ${min} to ${max} seconds.`,
    });
  }
}

export function termsOf({ label, expires_in_seconds: seconds }: AskedTerms, clock: Clock): TokenTerms {
  return {
    label: label ?? null,
    expiresAtMs: seconds === null || seconds === undefined ? null : clock.wallMs() + seconds * 1000,
    scope: null,
  };
}
