import { readFileSync } from 'node:fs';

/** `Killed` and `Timeout`: a test noticed. `Survived` and `NoCoverage`: none did. Any other mutant is not a valid program. */
export type MutantStatus =
  'Killed' | 'Timeout' | 'Survived' | 'NoCoverage' | 'CompileError' | 'RuntimeError' | 'Ignored' | 'Pending';

/** One change of the code, and whether a test noticed. */
export interface Mutant {
  readonly file: string;
  readonly line: number;
  /** The changed line, or the first of several. */
  readonly code: string;
  /** The replacement for that line or those lines. */
  readonly mutant: string;
  /** The whole file with the change. */
  readonly text: string;
  readonly status: MutantStatus;
}

interface Position {
  readonly line: number;
  readonly column: number;
}

interface ReportedMutant {
  readonly replacement: string;
  readonly status: MutantStatus;
  /** What the test that found it has printed. */
  readonly statusReason?: string;
  readonly location: { readonly start: Position; readonly end: Position };
}

interface Report {
  readonly files: Readonly<
    Record<string, { readonly source: string; readonly mutants: readonly ReportedMutant[] }>
  >;
}

/** Reads all mutants from a report of Stryker. */
export function readReport(path: string): Mutant[] {
  return mutantsOf(JSON.parse(readFileSync(path, 'utf8')) as Report);
}

/** All mutants of a report, by file and line. */
export function mutantsOf({ files }: Report): Mutant[] {
  return Object.entries(files)
    .flatMap(([file, { source, mutants }]) => mutants.map((mutant) => mutantOf(file, source, mutant)))
    .toSorted((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1));
}

/** Stryker says that a test has failed, even if it has only waited for too long. */
const TEST_TIMED_OUT = /(Test|Hook) timed out in \d+ms/;

function mutantOf(file: string, source: string, reported: ReportedMutant): Mutant {
  const { replacement, status, statusReason = '', location } = reported;
  const lines = source.split('\n');
  const { start, end } = location;
  const changed =
    (lines[start.line - 1]?.slice(0, start.column - 1) ?? '') +
    replacement +
    (lines[end.line - 1]?.slice(end.column - 1) ?? '');
  return {
    file,
    line: start.line,
    code: oneLine(lines[start.line - 1] ?? ''),
    mutant: oneLine(changed),
    text: [...lines.slice(0, start.line - 1), changed, ...lines.slice(end.line)].join('\n'),
    status: status === 'Killed' && TEST_TIMED_OUT.test(statusReason) ? 'Timeout' : status,
  };
}

function oneLine(code: string): string {
  return code.trim().replaceAll(/\s+/g, ' ');
}
