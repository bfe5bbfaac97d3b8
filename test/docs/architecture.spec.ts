import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);

test('the architecture diagram shows the actual imports', async () => {
  await expect(run(process.execPath, ['scripts/architecture.mjs', '--check'])).resolves.toMatchObject({
    stderr: '',
  });
});

test('the architecture page describes every test folder', () => {
  const page = readFileSync('docs/architecture.md', 'utf8');
  const folders = readdirSync('test', { withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const { name } of folders) expect(page).toContain(`| \`test/${name}\``);
});
