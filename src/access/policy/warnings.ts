import { coveringGrants } from './covered-grants.js';
import type { Finding, PlaceOf } from './finding.js';
import { endsInsideName } from './oidc-patterns.js';
import type { PolicyDocument } from './policy-document.js';

/** What is probably not meant: grants that change nothing, and subjects that match no one, or more than they seem to. */
export function warningsOf(
  document: PolicyDocument,
  placeOf: PlaceOf,
  isUnknown: (subject: string) => boolean,
): Finding[] {
  return [...coveredGrants(document, placeOf), ...doubtfulSubjects(document, placeOf, isUnknown)];
}

function coveredGrants({ grants }: PolicyDocument, placeOf: PlaceOf): Finding[] {
  return coveringGrants(grants).flatMap((others, index) => {
    if (others === null) return [];
    const lines = [...new Set(others.map((other) => placeOf(['grants', other]).line))].toSorted(
      (a, b) => a - b,
    );
    const by =
      lines.length === 1
        ? `the grant in line ${lines[0]} already allows`
        : `the grants in lines ${lines.join(', ')} already allow`;
    return [
      {
        ...placeOf(['grants', index]),
        message: `This grant changes nothing: ${by} all of it.`,
      },
    ];
  });
}

function doubtfulSubjects(
  { grants, quotas = [] }: PolicyDocument,
  placeOf: PlaceOf,
  isUnknown: (subject: string) => boolean,
): Finding[] {
  const named = [
    ...grants.flatMap(({ to }, index) =>
      to.map((subject, at) => ({ subject, path: ['grants', index, 'to', at] })),
    ),
    ...quotas.flatMap(({ for: to }, index) =>
      to.map((subject, at) => ({ subject, path: ['quotas', index, 'for', at] })),
    ),
  ];
  return named.flatMap(({ subject, path }) => {
    const doubt = isUnknown(subject) ? UNKNOWN : doubtAbout(subject);
    return doubt === null ? [] : [{ ...placeOf(path), message: `${subject} ${doubt}.` }];
  });
}

const UNKNOWN = 'is not a user of this server, so this is for no one. Check the spelling';

function doubtAbout(subject: string): string | null {
  return subject.startsWith('oidc:') && endsInsideName(subject)
    ? 'also matches longer names than the one before the *. Put the * behind a slash or a colon'
    : null;
}
