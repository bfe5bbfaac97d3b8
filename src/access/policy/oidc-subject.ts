/**
 * The URL of an issuer of OpenID Connect tokens. It has no wildcard, and no colon but those of its scheme and port, so that it is clear
 * where the issuer ends and its subject begins.
 */
export const ISSUER_FORM = String.raw`https://[^\s,:/*?#@\x00-\x1f\x7f]{1,253}(?::[0-9]{1,5})?(?:/[^\s,:*?#@\x00-\x1f\x7f]{0,200})?`;

/** What may follow the issuer and its colon in a policy. A `*` matches any characters. */
export const ISSUED_SUBJECT_FORM = String.raw`[^\s,\x00-\x1f\x7f]{1,400}`;

/** The most characters of a subject that a token may have. */
export const ISSUED_SUBJECT_LENGTH_MAX = 400;

const shape = new RegExp(`^(${ISSUER_FORM}):(.+)$`, 's');

/** The subject of an account: who vouches for it, and as what. */
export interface IssuedSubject {
  readonly issuer: string;
  readonly name: string;
}

/** The text that accounts and policies have for a subject of an issuer. */
export function issuedSubjectText({ issuer, name }: IssuedSubject): string {
  return `${issuer}:${name}`;
}

/** Whether such a text reads as a subject of another issuer: `8443:x` of one host looks like `x` of the issuer on its port 8443. */
export function looksLikeAnotherIssuers(subject: IssuedSubject): boolean {
  const parsed = parseIssuedSubject(issuedSubjectText(subject));
  return parsed !== null && parsed.issuer !== subject.issuer;
}

/** Takes such a text apart. Null if it does not begin with an issuer. Digits between colons after the host are its port. */
export function parseIssuedSubject(text: string): IssuedSubject | null {
  const [, issuer, name] = shape.exec(text) ?? [];
  return issuer === undefined || name === undefined ? null : { issuer, name };
}
