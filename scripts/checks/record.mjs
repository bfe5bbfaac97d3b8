import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';
import { run } from './run.mjs';

const PAGE = 'docs/checked.md';
const HEAD = `# Long checks

\`npm run check:full\` generates this page. It has the last run of each check, its time and its commit. A \`+\` after the commit means
that there were uncommitted changes. \`npm run check:full -- --list\` lists the checks.

| Check | What it does | With | Result | Took | When | Commit |
| --- | --- | --- | --- | --- | --- | --- |
`;

/** Writes a result to docs/checked.md, where it replaces the previous one of the same check. */
export function addResult(result) {
  const rows = new Map(readRows().map((row) => [nameIn(row), row]));
  rows.set(result.name, rowOf(result));
  writeFileSync(join(root, PAGE), `${HEAD}${[...rows.values()].join('\n')}\n`);
  run(process.execPath, ['node_modules/prettier/bin/prettier.cjs', '--write', PAGE], { cwd: root });
}

function readRows() {
  const lines = readFileSync(join(root, PAGE), 'utf8').split('\n');
  return lines.filter((line) => nameIn(line) !== undefined);
}

function nameIn(row) {
  return /^\| `([\w-]+)`/.exec(row)?.[1];
}

function rowOf({ name, what, version, passed, seconds }) {
  const when = new Date().toISOString().slice(0, 16).replace('T', ' ');
  const result = passed ? 'passed' : '**failed**';
  return `| \`${name}\` | ${what} | ${version} | ${result} | ${Math.round(seconds)} s | ${when} UTC | ${commit()} |`;
}

function commit() {
  const changed = git('status', '--porcelain', '--', '.', `:!${PAGE}`);
  return `\`${git('rev-parse', '--short=12', 'HEAD')}${changed === '' ? '' : '+'}\``;
}

function git(...args) {
  return run('git', args, { cwd: root }).trim();
}
