import { ISSUED_SUBJECT_LENGTH_MAX, looksLikeAnotherIssuers } from '../../access/policy/oidc-subject.js';
import { RefusedToken } from './refused-token.js';
import type { JsonObject } from './strict-json.js';
import type { TrustedIssuer } from './trusted-issuers.js';

/** How far the clocks of issuers may differ from ours, in seconds. */
const LEEWAY_SECONDS = 30;

/** How long a token may last. One that lasts longer is a secret that someone has stored. */
const LIFETIME_SECONDS_MAX = 24 * 3600;

const PRINTABLE = /^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+$/u;

/** Checks the time and the audience of a token from this issuer. Throws `RefusedToken`. */
export function assertMeantForUs(claims: JsonObject, issuer: TrustedIssuer, nowMs: number): void {
  const { aud } = claims;
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  // With another audience beside ours, that other service could use the token here.
  if (audiences.length !== 1 || audiences[0] !== issuer.audience)
    throw new RefusedToken(`Its audience must be exactly ${issuer.audience}.`);
  assertInTime(claims, nowMs / 1000);
}

function assertInTime({ exp, iat, nbf }: JsonObject, now: number): void {
  if (!isTime(exp) || !isTime(iat) || (nbf !== undefined && !isTime(nbf)))
    throw new RefusedToken('It does not say when it was issued and when it expires.');
  if (exp <= now - LEEWAY_SECONDS) throw new RefusedToken('It has expired. Get a new one.');
  if (iat > now + LEEWAY_SECONDS || (nbf ?? 0) > now + LEEWAY_SECONDS)
    throw new RefusedToken('It is not valid yet. Compare the clock of its issuer with that of this server.');
  if (exp <= iat || exp - iat > LIFETIME_SECONDS_MAX)
    throw new RefusedToken(`It must not last longer than ${LIFETIME_SECONDS_MAX / 3600} hours.`);
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0;
}

/** The subject of a token whose signature was verified, if it may exchange tokens. Throws `RefusedToken`. */
export function allowedSubject(claims: JsonObject, issuer: TrustedIssuer): string {
  const { sub } = claims;
  if (typeof sub !== 'string' || sub.length > ISSUED_SUBJECT_LENGTH_MAX || !PRINTABLE.test(sub))
    throw new RefusedToken('Its subject is missing or not valid.');
  // Otherwise it could be taken for the subject of another issuer.
  if (looksLikeAnotherIssuers({ issuer: issuer.url, name: sub }))
    throw new RefusedToken('Its subject looks like the port of its issuer.');
  if (!issuer.subjects.some((pattern) => pattern.matches(sub)))
    throw notAllowed(`No subject that this server accepts from ${issuer.url} matches ${sub}.`);
  for (const [name, values] of issuer.claims) {
    const value = Object.hasOwn(claims, name) ? claims[name] : undefined;
    if (!values.some((accepted) => accepted === value))
      throw notAllowed(`The claim ${name} has not the value that this server demands.`);
  }
  return sub;
}

function notAllowed(reason: string): RefusedToken {
  return new RefusedToken(reason, 'subject_not_allowed');
}
