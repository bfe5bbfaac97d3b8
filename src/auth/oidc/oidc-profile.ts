import { createHash } from 'node:crypto';
import { z } from 'zod';
import { issuedSubjectText, looksLikeAnotherIssuers } from '../../access/policy/oidc-subject.js';
import type { Identity } from '../user-directory.js';

/** How many groups of one user are kept. */
const GROUPS_MAX = 1_000;

/** How groups can be named in a policy. */
const GROUP = /^[^\s,\p{Cc}]{1,200}$/u;

/** How users can be named by administrators. */
const LOGIN = /^[^\s,:\p{Cc}\p{Cf}\p{Cs}]{1,100}$/u;

const FALLBACK_DIGITS = 12;

const text = z.string().nullish().catch(null);

/** The claims that we read. Other claims are ignored, and so are those with an unexpected type. */
const CLAIMS = z.object({
  sub: z.string().regex(/^[\x20-\x7e]{1,255}$/),
  preferred_username: text,
  email: text,
  // Some providers write booleans as texts.
  email_verified: z
    .union([z.literal(true), z.literal('true')])
    .nullish()
    .catch(null),
  picture: z.httpUrl().max(2048).nullish().catch(null),
});

/** What the provider says about a user. */
export interface OidcProfile {
  readonly identity: Identity;
  readonly groups: readonly string[];
  /** The domain of the e-mail address, in lower case. Null unless the provider has verified the address. */
  readonly emailDomain: string | null;
}

export type Claims = Readonly<Record<string, unknown>>;

/** The profile in verified claims, or null if they are unusable. */
export function profileOf(issuer: string, groupsClaim: string, claims: Claims): OidcProfile | null {
  const parsed = CLAIMS.safeParse(claims);
  if (!parsed.success) return null;
  const { sub, email, email_verified: isVerified, picture } = parsed.data;
  // Otherwise the account could be taken for that of another issuer.
  if (looksLikeAnotherIssuers({ issuer, name: sub })) return null;
  const login = loginOf(parsed.data);
  const subject = issuedSubjectText({ issuer, name: sub });
  return {
    identity: { provider: 'oidc', subject, login, avatarUrl: picture ?? null },
    groups: groupsIn(claims[groupsClaim]),
    emailDomain: email != null && isVerified != null ? domainOf(email) : null,
  };
}

/** The claim `sub` of the account with this subject. */
export function subjectIn(issuer: string, subject: string): string {
  return subject.slice(issuer.length + 1);
}

/** Whether the claims say what a profile needs. The rest may be at the provider's userinfo endpoint. */
export function isComplete(groupsClaim: string, claims: Claims): boolean {
  const hasLogin = claims['preferred_username'] !== undefined || claims['email'] !== undefined;
  return hasLogin && claims[groupsClaim] !== undefined;
}

/**
 * Claims of a token, with those of the userinfo endpoint that it lacks. Signed ones win, and that an address is verified is only said of
 * that address.
 */
export function mergedClaims(signed: Claims, more: Claims): Claims {
  const { email } = signed;
  const isSameAddress = email === undefined || email === more['email'];
  return { ...more, ...(isSameAddress ? {} : { email_verified: undefined }), ...signed };
}

/** For people to read. It grants nothing, because users can change it at many providers. */
function loginOf({ sub, preferred_username: username, email }: z.infer<typeof CLAIMS>): string {
  const usable = [username, email, sub].find((candidate) => candidate != null && LOGIN.test(candidate));
  return usable ?? `user-${createHash('sha256').update(sub).digest('hex').slice(0, FALLBACK_DIGITS)}`;
}

function groupsIn(claim: unknown): string[] {
  const names: readonly unknown[] = Array.isArray(claim) ? claim : [claim];
  const usable = names.filter((name): name is string => typeof name === 'string' && GROUP.test(name));
  return [...new Set(usable)].slice(0, GROUPS_MAX);
}

function domainOf(email: string): string | null {
  const at = email.lastIndexOf('@');
  return at > 0 && at < email.length - 1 ? email.slice(at + 1).toLowerCase() : null;
}
