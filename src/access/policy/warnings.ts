import { coveringGrants } from './covered-grants.js';
import type { Finding, PlaceOf } from './finding.js';
import type { PolicyDocument } from './policy-document.js';
import { isReserved } from './subject-text.js';

/** What is probably not meant: grants that change nothing, and subjects that no one can match. */
export function warningsOf(document: PolicyDocument, placeOf: PlaceOf): Finding[] {
  return [...coveredGrants(document, placeOf), ...unmatchedSubjects(document, placeOf)];
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

function unmatchedSubjects({ grants, quotas = [] }: PolicyDocument, placeOf: PlaceOf): Finding[] {
  const named = [
    ...grants.flatMap(({ to }, index) =>
      to.map((subject, at) => ({ subject, path: ['grants', index, 'to', at] })),
    ),
    ...quotas.flatMap(({ for: to }, index) =>
      to.map((subject, at) => ({ subject, path: ['quotas', index, 'for', at] })),
    ),
  ];
  return named
    .filter(({ subject }) => isReserved(subject))
    .map(({ subject, path }) => {
      const { line, column } = placeOf(path);
      return {
        line,
        column,
        message: `${subject} matches no one: this version cannot recognize such subjects yet.`,
      };
    });
}
