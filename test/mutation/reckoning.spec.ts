import { describe, expect, test } from 'vitest';
import { patternsOf } from '../../lab/mutation/areas.js';
import type { Equivalent } from '../../lab/mutation/equivalents.js';
import { scoreOf, staleEntries } from '../../lab/mutation/reckoning.js';
import { mutantsOf, type Mutant, type MutantStatus } from '../../lab/mutation/report.js';

const AREA = { name: 'core', folder: 'src/core/', least: 90 };

function mutant(name: string, status: MutantStatus, file = 'src/core/a.ts'): Mutant {
  return { file, line: 1, code: name, mutant: `not ${name}`, text: '', status };
}

function entry(name: string, file = 'src/core/a.ts'): Equivalent {
  return { file, code: name, mutant: `not ${name}`, reason: 'the program does the same' };
}

describe('the score', () => {
  const mutants = [
    mutant('killed', 'Killed'),
    mutant('endless', 'Timeout'),
    mutant('never run', 'NoCoverage'),
    mutant('survivor', 'Survived'),
    mutant('no program', 'CompileError'),
    mutant('of another area', 'Survived', 'src/store/a.ts'),
  ];

  test('counts what tests found among all that are valid', () => {
    const { found, timedOut, alive, equivalent, percent } = scoreOf(AREA, mutants, []);
    expect([found, timedOut, alive.map(({ code }) => code), equivalent, percent]).toEqual([
      2,
      1,
      ['never run', 'survivor'],
      0,
      50,
    ]);
  });

  test('leaves out what is equivalent', () => {
    const { alive, equivalent, percent } = scoreOf(AREA, mutants, [entry('survivor'), entry('never run')]);
    expect([alive, equivalent, percent]).toEqual([[], 2, 100]);
  });

  test('takes no entry for another file or another change', () => {
    const others = [entry('survivor', 'src/core/b.ts'), { ...entry('survivor'), mutant: 'other' }];
    expect(scoreOf(AREA, mutants, others).equivalent).toBe(0);
  });

  test('of an area that was not mutated is 100', () => {
    expect(scoreOf(AREA, [], []).percent).toBe(100);
  });
});

describe('an entry is stale', () => {
  test.each<[string, Mutant[], boolean]>([
    ['not while the mutant lives', [mutant('a', 'Survived')], false],
    ['not while no test runs the mutant', [mutant('a', 'NoCoverage')], false],
    ['not when the mutant ran out of time', [mutant('a', 'Timeout')], false],
    ['when a test finds the mutant', [mutant('a', 'Killed')], true],
    [
      'when one of two mutants that read the same is found',
      [mutant('a', 'Survived'), mutant('a', 'Killed')],
      true,
    ],
    ['when its code is gone', [mutant('b', 'Survived')], true],
    ['not when its file was not mutated', [mutant('b', 'Survived', 'src/core/b.ts')], false],
  ])('%s', (_, mutants, isStale) => {
    expect(staleEntries([entry('a')], mutants)).toEqual(isStale ? [entry('a')] : []);
  });
});

test('a mutant is described by its line before and after, in one line each', () => {
  const source = 'if (a) {\n  b();\n}\nc(1, 2);\n';
  const at = (line: number, column: number) => ({ line, column });
  const reported = [
    { replacement: '3', status: 'Killed', location: { start: at(4, 3), end: at(4, 4) } },
    { replacement: '{}', status: 'Survived', location: { start: at(1, 8), end: at(3, 2) } },
  ] as const;
  expect(mutantsOf({ files: { 'src/core/a.ts': { source, mutants: reported } } })).toEqual([
    {
      file: 'src/core/a.ts',
      line: 1,
      code: 'if (a) {',
      mutant: 'if (a) {}',
      text: 'if (a) {}\nc(1, 2);\n',
      status: 'Survived',
    },
    {
      file: 'src/core/a.ts',
      line: 4,
      code: 'c(1, 2);',
      mutant: 'c(3, 2);',
      text: 'if (a) {\n  b();\n}\nc(3, 2);\n',
      status: 'Killed',
    },
  ]);
});

test.each([
  ['AssertionError: expected 1 to be 2', 'Killed'],
  ['Error: Test timed out in 10000ms.\nIf this is a long-running test', 'Timeout'],
  ['Error: Hook timed out in 60000ms.', 'Timeout'],
])('a test that fails with %j has found the mutant as %s', (statusReason, status) => {
  const location = { start: { line: 1, column: 1 }, end: { line: 1, column: 2 } };
  const mutants = [{ replacement: '2', status: 'Killed', statusReason, location }] as const;
  expect(mutantsOf({ files: { 'src/core/a.ts': { source: '1', mutants } } })).toMatchObject([{ status }]);
});

test('an area is mutated as a whole, or where it was named', () => {
  expect(patternsOf(AREA, [])).toEqual(['src/core/**/*.ts']);
  const named = [
    'src/core',
    'src/core/state/',
    'src/core/step.ts',
    'src/core/step.ts:5-9',
    'src/store',
    'src/cores/a.ts',
  ];
  expect(patternsOf(AREA, named)).toEqual([
    'src/core/**/*.ts',
    'src/core/state/**/*.ts',
    'src/core/step.ts',
    'src/core/step.ts:5-9',
  ]);
});
