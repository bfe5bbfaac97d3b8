import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';
import { run } from './run.mjs';

/** Records in docs/checked.md what has just passed. */
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
  return `# The last full check

\`npm run check:full\` generates this page. All steps passed.

- When: ${new Date().toISOString()}
- Commit: ${commit()}
- Node.js: ${process.version}

| Step | Version | Duration |
| --- | --- | --- |
${rows.join('\n')}
`;
}

/** The current commit, and whether there are uncommitted changes. */
function commit() {
  const changed = git('status', '--porcelain', '--', '.', ':!docs/checked.md');
  return `\`${git('rev-parse', 'HEAD')}\`${changed === '' ? '' : ', with uncommitted changes'}`;
}

function git(...args) {
  return run('git', args, { cwd: root }).trim();
}
