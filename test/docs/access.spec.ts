import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { ACTIONS } from '../../src/access/policy/rights.js';
import { LIMIT_NAMES } from '../../src/access/policy/policy-document.js';
import { readPolicy } from '../../src/access/policy/read-policy.js';
import { ALICE, Installation, MAIN } from '../support/process.js';

const run = promisify(execFile);
const guide = readFileSync('docs/access.md', 'utf8');

function blocks(language: string): string[] {
  return [...guide.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(
    ([, text]) => text ?? '',
  );
}

/** The commands with the users and the address of the test. */
function here(block: string, url: string): string {
  return block
    .replaceAll('https://locks.example.com', url)
    .replaceAll('--owner github:ada', '--owner static:alice')
    .replaceAll('--owner github:grace', '--owner static:bob');
}

test('every policy in the guide is valid, and means what it says', () => {
  const policies = blocks('yaml');
  expect(policies.length).toBe(3);
  for (const policy of policies) expect(readPolicy(policy)).toMatchObject({ mistakes: [], warnings: [] });
});

test('every command in the guide works, in the order of the guide', async () => {
  const installation = new Installation();
  const server = await installation.start();
  const [policy = ''] = blocks('yaml');
  writeFileSync(installation.path('policy.yaml'), policy);
  const commands = blocks('sh');
  expect(commands.length).toBeGreaterThan(3);
  for (const block of commands) {
    const script = `set -euo pipefail\noctostore() { "$NODE" "$MAIN" "$@"; }\n${here(block, server.url)}`;
    await run('bash', ['-c', script], {
      cwd: installation.folder,
      timeout: 60_000,
      env: {
        PATH: process.env['PATH'],
        NODE: process.execPath,
        MAIN,
        DATABASE_URL: installation.databasePath,
        OCTOSTORE_BASE_URL: server.url,
        OCTOSTORE_TOKEN: ALICE,
      },
    }).catch((error: unknown) => {
      throw new Error(`This block of docs/access.md failed:\n${block}`, { cause: error });
    });
  }
  expect((await server.alice.get('/locks/billing/nightly')).status).toBe(200);
  expect((await server.alice.get('/locks/search/index')).status).toBe(403);
  expect((await server.alice.post('/locks/shared/x/acquire', { ttl_seconds: 60 })).status).toBe(200);
  await server.kill('SIGTERM');
}, 360_000);

test('the guide lists every action and every limit', () => {
  for (const name of [...ACTIONS, ...LIMIT_NAMES]) expect(guide).toContain(`| \`${name}\``);
});
