import {
  isCollection,
  isMap,
  isPair,
  isScalar,
  LineCounter,
  parseDocument,
  type Document,
  type Node,
} from 'yaml';
import type { z } from 'zod';
import { byPosition, type Finding, type Position } from './finding.js';
import { mistakesAcross } from './mistakes-across.js';
import { POLICY_BYTES_MAX, policyDocument, type PolicyDocument } from './policy-document.js';
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

type Path = readonly PropertyKey[];

const START: Position = { line: 1, column: 1 };

/** How many mistakes are named. A text that is not a policy at all may have one in each character. */
const MISTAKES_MAX = 100;

/** Reads a policy in YAML or JSON, and finds every mistake at once. */
export function readPolicy(text: string): ReadPolicy {
  if (Buffer.byteLength(text) > POLICY_BYTES_MAX) {
    return refused({ ...START, message: `The policy has more than ${POLICY_BYTES_MAX} bytes.` });
  }
  try {
    return readYaml(text);
  } catch {
    // The parser calls itself for each level.
    return refused({
      ...START,
      message: 'The text cannot be read as YAML. It is nested too deeply, or has too many aliases.',
    });
  }
}

function refused(...mistakes: readonly Finding[]): ReadPolicy {
  return {
    document: null,
    grantLines: [],
    mistakes: mistakes.toSorted(byPosition).slice(0, MISTAKES_MAX),
    warnings: [],
  };
}

function readYaml(text: string): ReadPolicy {
  const lines = new LineCounter();
  const yaml = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [syntaxError] = yaml.errors;
  // What the parser makes of the rest is not worth reading.
  if (syntaxError !== undefined) {
    const message = `The text is not valid YAML: ${syntaxError.message.replace(/\.$/, '')}.`;
    return refused({ ...positionAt(lines, syntaxError.pos[0]), message });
  }
  const placeOf = (path: Path): Position => positionAt(lines, offsetOf(yaml, path));
  const parsed = policyDocument.safeParse(yaml.toJS(), { reportInput: true });
  if (!parsed.success) {
    return refused(...parsed.error.issues.flatMap((issue) => findingsOf(issue, placeOf)));
  }
  const mistakes = mistakesAcross(parsed.data, placeOf);
  if (mistakes.length > 0) return refused(...mistakes);
  const warnings = warningsOf(parsed.data, placeOf).toSorted(byPosition);
  const grantLines = parsed.data.grants.map((_, index) => placeOf(['grants', index]).line);
  return { document: parsed.data, grantLines, mistakes: [], warnings };
}

/** The mistakes that an issue stands for: one for each unknown field. */
function findingsOf(issue: z.core.$ZodIssue, placeOf: (path: Path) => Position): Finding[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const path = [...issue.path, key];
      return {
        ...placeOf(path),
        message: `${pathText(path)} is not a field of a policy. Check its spelling.`,
      };
    });
  }
  const isMissing = issue.code === 'invalid_type' && issue.input === undefined;
  const problem = isMissing ? 'is missing' : issue.message;
  const colon = problem.startsWith('"') ? ':' : '';
  return [{ ...placeOf(issue.path), message: `${pathText(issue.path)}${colon} ${problem}.` }];
}

/** A place in a policy, such as `grants[0].to[1]`. */
function pathText(path: Path): string {
  if (path.length === 0) return 'The policy';
  return path
    .map((part, index) =>
      typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`,
    )
    .join('');
}

function positionAt(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

/** Where the value at a path begins, or its key if there is one. If the path leads nowhere, where the last part begins that exists. */
function offsetOf({ contents }: Document.Parsed, path: Path): number {
  let node: unknown = contents;
  let offset = startOf(node) ?? 0;
  for (const part of path) {
    if (!isCollection(node)) break;
    const entry: unknown = isMap(node)
      ? node.items.find(({ key }) => isScalar(key) && key.value === part)
      : node.items[Number(part)];
    if (entry === undefined) break;
    offset = startOf(isPair(entry) ? entry.key : entry) ?? offset;
    node = isPair(entry) ? entry.value : entry;
  }
  return offset;
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null)?.range?.[0];
}
