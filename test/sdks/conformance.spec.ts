import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { patched } from '../../lab/kit/server/test-build.js';
import { BUGS } from '../../sdks/conformance/runner/bugs.js';
import { LANGUAGES, MODEL } from '../../sdks/conformance/runner/languages.js';
import { difference } from '../../sdks/conformance/runner/match.js';
import { loadScenarios } from '../../sdks/conformance/runner/scenario.js';
import { findSecret, tokenOf } from '../../sdks/conformance/runner/secrets.js';

const scenarios = loadScenarios('sdks/conformance/scenarios');
const readme = readFileSync('sdks/conformance/README.md', 'utf8');

test('the scenarios use everything in the protocol, and nothing else', () => {
  const [protocol = ''] = readme.split('## Cases for test doubles');
  const cells = [...protocol.matchAll(/^\| (`[a-z_`, ]+`) +\|/gm)].map(([, cell]) => cell ?? '');
  const documented = cells
    .flatMap((cell) => cell.replaceAll('`', '').split(', '))
    .filter((name) => name !== 'do');
  const used = scenarios.flatMap(({ steps }) => steps.flatMap((step) => ('do' in step ? [step.do] : [])));
  expect(new Set(used)).toEqual(new Set(documented));
});

test('the runner knows every required SDK', () => {
  const table = readFileSync('sdks/README.md', 'utf8').matchAll(/^\| [^|]+ \| \[`(\w+)`\]\(\1\) +\|/gm);
  expect([...LANGUAGES]).toEqual([...table].map(([, folder]) => folder));
});

test('each bug names scenarios that exist', () => {
  const names = new Set(scenarios.map(({ name }) => name));
  expect(BUGS.flatMap(({ foundBy }) => foundBy).filter((name) => !names.has(name))).toEqual([]);
});

test('each bug applies to the built SDK', () => {
  const problems = BUGS.flatMap((bug) => {
    try {
      patched(`sdks/${MODEL}/dist`, { ...bug, file: bug.file.replace(/^src\//, '') });
      return [];
    } catch (error) {
      return [`${bug.name}: ${String(error)}`];
    }
  });
  expect(problems).toEqual([]);
});

describe('what is expected', () => {
  test.each([
    [{ a: 1 }, { a: 1, b: 2 }],
    [{ a: null }, {}],
    [{ a: '$any' }, { a: 0 }],
    [{ a: '/^x/' }, { a: 'xy' }],
    [{ a: { $gt: 1, $lte: 2 } }, { a: 2 }],
    [{ a: { $not: 1 } }, { a: 2 }],
    [[{ a: 1 }], [{ a: 1, b: 2 }]],
    ['$uuid', '0d1f6a0e-6f2c-4f5e-9a53-2f0f5d6b6c11'],
  ])('%j is met by %j', (expected, actual) => {
    expect(difference(expected, actual)).toBeNull();
  });

  test.each([
    [{ a: 1 }, { a: '1' }],
    [{ a: 1 }, null],
    [{ a: null }, { a: 0 }],
    [{ a: '$any' }, { a: null }],
    [{ a: '/^x/' }, { a: 1 }],
    [{ a: { $gt: 1, $lte: 2 } }, { a: 1 }],
    [{ a: { $gt: 1 } }, { a: 'x' }],
    [{ a: { $not: 1 } }, { a: 1 }],
    [[{ a: 1 }], []],
    [[], [1]],
    ['$uuid', 'nothing'],
  ])('%j is not met by %j', (expected, actual) => {
    expect(difference(expected, actual)).toEqual(expect.any(String));
  });
});

test('tokens are found wherever they appear', () => {
  expect(findSecret(`{"message":"Bearer ${tokenOf('same', 12)}"}`)).toBe(tokenOf('same', 12));
  expect(findSecret('octo_9mKq3TzX1vNc7RbL5wYd2HgJ8pFs4QaZ0eUi6B')).not.toBeNull();
  expect(findSecret('octostore')).toBeNull();
});
