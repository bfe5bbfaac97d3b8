import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

const SOURCES = join(import.meta.dirname, '../../src');

/** The one file that reads the machine’s clocks and sets its timers. */
const CLOCK = 'clock/system-clock.ts';

/** The same for the programs around the server, such as the command line. */
const CLOCK_OF_PROGRAMS = 'process/time.ts';

/** Ambient time and randomness, by the names that a source would use. `Date` itself depends on how it is used. */
const FORBIDDEN = new Set([
  'setTimeout',
  'setInterval',
  'Date.now',
  'performance.now',
  'performance.timeOrigin',
  'process.hrtime',
  'process.uptime',
  'Math.random',
]);

const FORBIDDEN_MODULES = new Set([
  'timers',
  'timers/promises',
  'perf_hooks',
  'node:timers',
  'node:timers/promises',
  'node:perf_hooks',
]);

/** Where a source reads ambient time, sets a timer or draws a random number that cannot be injected. */
function violations(path: string, text: string): string[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (isForbidden(node)) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      found.push(`${path}:${line + 1} ${node.getText().split('\n')[0]}`);
      return;
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isForbidden(node: ts.Node): boolean {
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
    return FORBIDDEN_MODULES.has(node.moduleSpecifier.text);
  }
  // `new Date(ms)` only converts a number; without an argument it reads the clock, as does `Date()`.
  if (ts.isNewExpression(node)) return nameOf(node.expression) === 'Date' && !node.arguments?.length;
  if (ts.isCallExpression(node) && nameOf(node.expression) === 'Date') return true;
  const canBeName = ts.isIdentifier(node) || ts.isPropertyAccessExpression(node);
  return canBeName && isValue(node) && FORBIDDEN.has(nameOf(node));
}

/** `globalThis . Date?.now` is `Date.now`. */
function nameOf(node: ts.Node): string {
  return node
    .getText()
    .replaceAll(/[\s?]/g, '')
    .replace(/^globalThis\./, '');
}

/** Not the name of a member, such as `setTimeout` in `socket.setTimeout(…)`, nor of a declaration. */
function isValue(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  return !('name' in parent && parent.name === node);
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(SOURCES, join(entry.parentPath, entry.name)));
}

test('nothing in src except the clocks reads a clock, sets a timer or draws a random number', () => {
  const files = sourceFiles(SOURCES);
  expect(files).toContain(CLOCK);
  const found = files
    .filter((path) => path !== CLOCK && path !== CLOCK_OF_PROGRAMS)
    .flatMap((path) => violations(path, readFileSync(join(SOURCES, path), 'utf8')));
  expect(found).toEqual([]);
});

describe('the rule', () => {
  test.each([
    'const now = Date.now();',
    'const now = Date . now ();',
    'const read = Date.now;',
    'const now = new Date();',
    'const now = new Date;',
    'const text = Date();',
    'const now = globalThis.Date.now();',
    'setTimeout(run, 5);',
    'globalThis.setTimeout(run, 5);',
    'const start = setInterval;',
    'run(setTimeout);',
    'const start = performance.now();',
    'const start = process.hrtime();',
    'const start = process.hrtime.bigint();',
    'const up = process.uptime();',
    'const chance = Math.random();',
    "import { setTimeout as sleep } from 'node:timers/promises';",
    "import { performance } from 'node:perf_hooks';",
  ])('finds %j', (text) => {
    expect(violations('a.ts', `\n${text}`)).toEqual([expect.stringMatching(/^a\.ts:2 /)]);
  });

  test.each([
    '// Date.now() is not to be used',
    '/** Never `setTimeout(…)`. */',
    "const text = 'Date.now()';",
    'const shown = new Date(milliseconds).toISOString();',
    'const parsed = Date.parse(text);',
    'const isDate = (value: unknown): value is Date => value instanceof Date;',
    'socket.setTimeout(5_000);',
    'const options = { setTimeout: true };',
    'const id = randomUUID();',
    'clock.after(5, run);',
    'const at = clock.now();',
  ])('accepts %j', (text) => {
    expect(violations('a.ts', text)).toEqual([]);
  });

  test('finds the clock’s own use of time', () => {
    const text = readFileSync(join(SOURCES, CLOCK), 'utf8');
    expect(violations(CLOCK, text)).toHaveLength(4);
  });
});
