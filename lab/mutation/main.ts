import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { AREAS, patternsOf, type Area } from './areas.js';
import { EQUIVALENTS_FILE, readEquivalents, type Equivalent } from './equivalents.js';
import { PAGE, writePage } from './page.js';
import { scoreOf, staleEntries, type Score } from './reckoning.js';
import { runStryker, type RunOptions } from './stryker.js';

const USAGE = `Changes the code of src/core and src/store, one place at a time, and shows the changes that no test notices.

  npm run mutation -- [--mutate file-or-folder]... [--force] [--patience times]

  --mutate    Mutate only these files. Without it, everything is mutated and the result is written to ${PAGE}
  --force     Discard the results of earlier runs
  --patience  How many times longer than usual a test may take, on a busy machine
`;

const { values } = parseArgs({
  options: {
    mutate: { type: 'string', multiple: true, default: [] },
    force: { type: 'boolean', default: false },
    patience: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(USAGE);
else {
  const options = { isFresh: values.force, patience: Number(values.patience) };
  process.exitCode = run(values.mutate, options) ? 0 : 1;
}

/** Returns whether every area has reached its score, and every entry of the list of equivalent mutants is current. */
function run(named: readonly string[], options: RunOptions): boolean {
  const equivalents = readEquivalents();
  const results = AREAS.flatMap((area) => {
    const patterns = patternsOf(area, named);
    return patterns.length === 0 ? [] : [resultOf(area, patterns, options, equivalents)];
  });
  for (const { score } of results) printScore(score);
  const stale = results.flatMap((result) => result.stale);
  for (const entry of stale) printStale(entry);
  const scores = results.map(({ score }) => score);
  if (named.length === 0) record(scores, equivalents);
  return stale.length === 0 && scores.every(({ area, percent }) => percent >= area.least);
}

interface Result {
  readonly score: Score;
  readonly stale: readonly Equivalent[];
}

function resultOf(
  area: Area,
  patterns: readonly string[],
  options: RunOptions,
  equivalents: readonly Equivalent[],
): Result {
  const mutants = runStryker(area, patterns, options);
  return { score: scoreOf(area, mutants, equivalents), stale: staleEntries(equivalents, mutants) };
}

function printScore({ area, found, timedOut, equivalent, alive, percent }: Score): void {
  for (const { file, line, code, mutant, status } of alive) {
    console.log(`${status}: ${file}:${line}\n  - ${code}\n  + ${mutant}`);
  }
  console.log(
    `${area.name}: ${percent.toFixed(1)} % (at least ${area.least} %), ` +
      `${found} found (${timedOut} by a time-out), ${alive.length} alive, ${equivalent} equivalent`,
  );
}

function printStale({ file, code, mutant }: Equivalent): void {
  console.log(`${EQUIVALENTS_FILE} has an entry that is out of date:\n  ${file}\n  - ${code}\n  + ${mutant}`);
}

function record(...result: Parameters<typeof writePage>): void {
  writePage(...result);
  spawnSync(process.execPath, ['node_modules/prettier/bin/prettier.cjs', '--write', PAGE]);
}
