import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';
import { run } from './run.mjs';

/** Writes into docs/checked.md what has just passed. */
export function writeRecord(steps) {
  writeFileSync(join(root, 'docs', 'checked.md'), record(steps));
  run(
    process.execPath,
    [join(root, 'node_modules/prettier/bin/prettier.cjs'), '--write', 'docs/checked.md'],
    { cwd: root },
  );
}

function record(steps) {
  const rows = steps.map(({ what, version, seconds }) => `| ${what} | ${version} | ${seconds} s |`);
  return `# What was checked last

\`npm run check:full\` has written this page. All steps passed.

- When: ${new Date().toISOString()}
- Commit: ${commit()}
- Node.js: ${process.version}

| Step | Version | Took |
| --- | --- | --- |
${rows.join('\n')}
`;
}

/** The commit that is checked out, and whether it is what was checked. */
function commit() {
  const changed = git('status', '--porcelain', '--', '.', ':!docs/checked.md');
  return `\`${git('rev-parse', 'HEAD')}\`${changed === '' ? '' : ', with changes that were not committed'}`;
}

function git(...args) {
  return run('git', args, { cwd: root }).trim();
}
