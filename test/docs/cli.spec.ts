import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { marginMs, RULES } from '@octostore/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { graceMsOf } from '../../src/cli/client/run/grace.js';
import { KILL_AFTER_LOSS_MS } from '../../src/cli/client/run/stop-times.js';
import { EXIT } from '../../src/cli/shared/exit-codes.js';
import { MAIN } from '../support/process.js';
import { startServer, type TestServer } from '../support/server.js';

const run = promisify(execFile);
const guide = readFileSync('docs/cli.md', 'utf8');
const blocks = [...guide.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, code]) => code ?? '');

let server: TestServer;

beforeAll(async () => {
  server = await startServer();
});

afterAll(() => server.close());

function rowsAfter(heading: string): string[][] {
  const [, table = ''] = guide.split(heading);
  return table
    .split('\n\n')
    .find((part) => part.startsWith('|'))
    ?.split('\n')
    .slice(2)
    .map((line) => line.split('|').map((cell) => cell.trim())) as string[][];
}

test('every example in the guide works, in the order of the guide', async () => {
  expect(blocks.length).toBeGreaterThan(4);
  for (const block of blocks) {
    // The guide uses only simple jq filters, so the test does not need jq itself.
    const script = `set -euo pipefail
octostore() { "$NODE" "$MAIN" "$@"; }
jq() { "$NODE" -p 'JSON.parse(fs.readFileSync(0))[process.argv[1].slice(1)]' "$2"; }
${block}`;
    await run('bash', ['-c', script], {
      timeout: 60_000,
      cwd: server.folder,
      env: {
        PATH: process.env['PATH'],
        HOME: server.folder,
        NODE: process.execPath,
        MAIN,
        OCTOSTORE_BASE_URL: server.url,
        OCTOSTORE_TOKEN: server.token,
      },
    }).catch((error: unknown) => {
      throw new Error(`This block of docs/cli.md failed:\n${block}`, { cause: error });
    });
  }
}, 120_000);

test('the guide lists every exit code and no other', () => {
  const listed = rowsAfter('## Exit codes').map(([, code = '']) => Number(code.replace('+n', '')));
  expect(listed).toEqual(Object.values(EXIT).toSorted((a, b) => a - b));
});

test('the timeline in the guide matches the program', () => {
  const rows = rowsAfter('### What happens when the lock cannot be renewed');
  expect(rows.length).toBeGreaterThan(3);
  for (const [, ttl = '', ...shown] of rows) {
    const ttlMs = Number.parseInt(ttl, 10) * 1000;
    const killMs = ttlMs - marginMs(ttlMs);
    const times = [ttlMs / RULES.renewals_per_ttl, killMs - graceMsOf(undefined, ttlMs), killMs, ttlMs];
    expect(shown.slice(0, 4)).toEqual(times.map((ms) => `${Math.round(ms / 100) / 10} s`));
  }
  expect(guide).toContain(`SIGKILL ${KILL_AFTER_LOSS_MS / 1000} s later`);
});
