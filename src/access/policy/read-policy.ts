import { byPosition, type Finding } from './finding.js';
import { mistakesAcross } from './mistakes-across.js';
import { POLICY_BYTES_MAX, policyDocument, type PolicyDocument } from './policy-document.js';
import { readYaml, refused } from './read-yaml.js';
import { warningsOf } from './warnings.js';

/** A text that was read as a policy. */
export interface ReadPolicy {
  /** Null if there are mistakes. */
  readonly document: PolicyDocument | null;
  /** The line in which each grant begins. */
  readonly grantLines: readonly number[];
  /** Everything that keeps the text from being a policy. */
  readonly mistakes: readonly Finding[];
  /** What is valid, but probably not meant. */
  readonly warnings: readonly Finding[];
}

const KIND = { name: 'policy', bytesMax: POLICY_BYTES_MAX, schema: policyDocument };

/**
 * Reads a policy in YAML or JSON, and finds every mistake at once.
 *
 * @param isUnknown whether a server knows that there is no such user. Without a server, none is unknown.
 */
export function readPolicy(text: string, isUnknown: (subject: string) => boolean = () => false): ReadPolicy {
  const read = readYaml(text, KIND);
  if (read.value === null) return withMistakes(read.mistakes);
  const { value: document, placeOf } = read;
  const { mistakes } = refused(...mistakesAcross(document, placeOf));
  if (mistakes.length > 0) return withMistakes(mistakes);
  const warnings = warningsOf(document, placeOf, isUnknown).toSorted(byPosition);
  const grantLines = document.grants.map((_, index) => placeOf(['grants', index]).line);
  return { document, grantLines, mistakes: [], warnings };
}

function withMistakes(mistakes: readonly Finding[]): ReadPolicy {
  return { document: null, grantLines: [], mistakes, warnings: [] };
}
