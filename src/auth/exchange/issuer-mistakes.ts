import { endsInsideName } from '../../access/policy/oidc-patterns.js';
import type { Finding, PlaceOf } from '../../access/policy/finding.js';
import type { TrustedIssuerEntry, TrustedIssuersDocument } from './trusted-issuer-document.js';

/** Issuers that give tokens to everyone who has an account there. */
const PUBLIC_ISSUERS: ReadonlySet<string> = new Set([
  'https://token.actions.githubusercontent.com',
  'https://gitlab.com',
  'https://accounts.google.com',
  'https://agent.buildkite.com',
  'https://app.terraform.io',
]);

/** The mistakes that only show when the values of a file of trusted issuers are compared, or are known to be dangerous. */
export function issuerMistakes({ issuers }: TrustedIssuersDocument, placeOf: PlaceOf): Finding[] {
  return issuers.flatMap((entry, index) => {
    const problems = [problemWithOthers(entry, issuers.slice(0, index)), problemOfPublic(entry)];
    return problems
      .filter((problem) => problem !== null)
      .map((message) => ({ ...placeOf(['issuers', index]), message }));
  });
}

/** What is valid, but probably not meant. */
export function issuerWarnings({ issuers }: TrustedIssuersDocument): string[] {
  return issuers.flatMap(({ subjects }) =>
    subjects
      .filter(endsInsideName)
      .map(
        (pattern) =>
          `TRUSTED_ISSUERS_FILE: the subject ${pattern} also matches longer names than the one before the *. Put the * behind a slash or a colon`,
      ),
  );
}

/** If one issuer with a colon began another one, a subject could belong to both. */
function problemWithOthers(
  { issuer }: TrustedIssuerEntry,
  others: readonly TrustedIssuerEntry[],
): string | null {
  for (const { issuer: other } of others) {
    if (other === issuer) return `${issuer} is listed twice. List it once.`;
    if (other.startsWith(`${issuer}:`) || issuer.startsWith(`${other}:`))
      return `${issuer} and ${other} cannot both be trusted, because their subjects could have the same name.`;
  }
  return null;
}

function problemOfPublic({ issuer, subjects, claims }: TrustedIssuerEntry): string | null {
  const open = subjects.find((pattern) => pattern.startsWith('*'));
  if (open === undefined || claims !== undefined || !PUBLIC_ISSUERS.has(issuer)) return null;
  return `${issuer} gives tokens to everyone who has an account there, and the subject ${open} accepts all of them. Name your own subjects, or claims that only your tokens have.`;
}
