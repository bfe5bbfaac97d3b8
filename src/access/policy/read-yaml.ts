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
import { byPosition, type Finding, type PlaceOf, type Position } from './finding.js';

/** What a text in YAML or JSON should be. */
export interface YamlKind<T> {
  /** What people call it, such as `policy`. */
  readonly name: string;
  readonly bytesMax: number;
  readonly schema: z.ZodType<T>;
}

/** A text that was read, or everything that is wrong with it. */
export type ReadYaml<T> =
  | { readonly value: T; readonly placeOf: PlaceOf; readonly mistakes: readonly [] }
  | { readonly value: null; readonly mistakes: readonly Finding[] };

type Path = readonly PropertyKey[];

const START: Position = { line: 1, column: 1 };

/** How many mistakes are named. A text of another kind may have one in each character. */
const MISTAKES_MAX = 100;

/** Reads a text in YAML or JSON, and finds every mistake at once. */
export function readYaml<T>(text: string, kind: YamlKind<T>): ReadYaml<T> {
  if (Buffer.byteLength(text) > kind.bytesMax) {
    return refused({ ...START, message: `The ${kind.name} has more than ${kind.bytesMax} bytes.` });
  }
  try {
    return parse(text, kind);
  } catch {
    // The parser calls itself for each level.
    return refused({
      ...START,
      message: 'The text cannot be read as YAML. It is nested too deeply, or has too many aliases.',
    });
  }
}

/** The same for mistakes that were found in a text that could be read. */
export function refused(...mistakes: readonly Finding[]): {
  readonly value: null;
  readonly mistakes: readonly Finding[];
} {
  return { value: null, mistakes: mistakes.toSorted(byPosition).slice(0, MISTAKES_MAX) };
}

function parse<T>(text: string, { name, schema }: YamlKind<T>): ReadYaml<T> {
  const lines = new LineCounter();
  const yaml = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [syntaxError] = yaml.errors;
  // What the parser makes of the rest is not worth reading.
  if (syntaxError !== undefined) {
    const message = `The text is not valid YAML: ${syntaxError.message.replace(/\.$/, '')}.`;
    return refused({ ...positionAt(lines, syntaxError.pos[0]), message });
  }
  const placeOf = (path: Path): Position => positionAt(lines, offsetOf(yaml, path));
  const parsed = schema.safeParse(yaml.toJS(), { reportInput: true });
  return parsed.success
    ? { value: parsed.data, placeOf, mistakes: [] }
    : refused(...parsed.error.issues.flatMap((issue) => findingsOf(issue, name, placeOf)));
}

/** The mistakes that an issue stands for: one for each unknown field. */
function findingsOf(issue: z.core.$ZodIssue, name: string, placeOf: PlaceOf): Finding[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const path = [...issue.path, key];
      return {
        ...placeOf(path),
        message: `${pathText(path, name)} is not a field of a ${name}. Check its spelling.`,
      };
    });
  }
  const isMissing = issue.code === 'invalid_type' && issue.input === undefined;
  const problem = isMissing ? 'is missing' : issue.message;
  const colon = problem.startsWith('"') ? ':' : '';
  return [{ ...placeOf(issue.path), message: `${pathText(issue.path, name)}${colon} ${problem}.` }];
}

/** A place in a text, such as `grants[0].to[1]`. */
function pathText(path: Path, name: string): string {
  if (path.length === 0) return `The ${name}`;
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
