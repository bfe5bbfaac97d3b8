import type { Finding, PlaceOf } from './finding.js';
import { LIMIT_NAMES, type PolicyDocument } from './policy-document.js';
import { subjectKey } from './subject-text.js';

/** How many combinations of a subject and a pattern all grants may have together. */
const COMBINATIONS_MAX = 20_000;

/** The mistakes that only show when the entries of a policy are compared. */
export function mistakesAcross(document: PolicyDocument, placeOf: PlaceOf): Finding[] {
  return [...tooManyCombinations(document, placeOf), ...repeatedLimits(document, placeOf)];
}

function tooManyCombinations({ grants }: PolicyDocument, placeOf: PlaceOf): Finding[] {
  let combinations = 0;
  for (const [index, { to, on }] of grants.entries()) {
    combinations += to.length * on.length;
    if (combinations <= COMBINATIONS_MAX) continue;
    const message = `The grants name more than ${COMBINATIONS_MAX} combinations of a subject and a pattern. Use fewer, broader patterns.`;
    return [{ ...placeOf(['grants', index]), message }];
  }
  return [];
}

function repeatedLimits({ quotas = [] }: PolicyDocument, placeOf: PlaceOf): Finding[] {
  const known = new Map<string, number>();
  const findings: Finding[] = [];
  for (const [index, quota] of quotas.entries()) {
    for (const [at, subject] of quota.for.entries()) {
      for (const name of LIMIT_NAMES.filter((limit) => quota[limit] !== undefined)) {
        const key = `${name} ${subjectKey(subject)}`;
        const { line } = placeOf(['quotas', known.get(key) ?? index]);
        if (known.has(key)) {
          const message = `The limit ${name} of ${subject} is already set in line ${line}. Set it once.`;
          findings.push({ ...placeOf(['quotas', index, 'for', at]), message });
        } else known.set(key, index);
      }
    }
  }
  return findings;
}
