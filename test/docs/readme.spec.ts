import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EXPIRED_SESSION_MEMORY_SECONDS } from '../../src/core/model/limits.js';
import { startServer, type TestServer } from '../support/server.js';

const run = promisify(execFile);
const PAGES = ['README.md', 'docs/http.md', 'docs/fencing.md'];

/** Blocks that a reader can run in order. */
function blocksOf(page: string): readonly string[] {
  return [...readFileSync(page, 'utf8').matchAll(/^```sh\n(.*?)^```$/gms)].map(([, code]) => code ?? '');
}

let server: TestServer;

beforeAll(async () => {
  server = await startServer();
});

afterAll(() => server.close());

test.each(PAGES)('every command in %s works, in the order of the page', async (page) => {
  const blocks = blocksOf(page);
  expect(blocks.length).toBeGreaterThan(0);
  for (const block of blocks) {
    // An error status must fail the test, not only a broken connection.
    const script = `set -euo pipefail\ncurl() { command curl --fail-with-body "$@"; }\n${block}`;
    await run('bash', ['-c', script], {
      timeout: 20_000,
      env: { ...process.env, OCTOSTORE_BASE_URL: server.url, OCTOSTORE_TOKEN: server.token },
    }).catch((error: unknown) => {
      throw new Error(`This block of ${page} failed:\n${block}`, { cause: error });
    });
  }
});

test('the guarded write example refuses the late write', async () => {
  const { stdout } = await run(process.execPath, ['examples/guarded-write.mjs'], {
    env: { ...process.env, OCTOSTORE_BASE_URL: server.url, OCTOSTORE_TOKEN: server.token },
  });
  expect(stdout).toMatch(/worker A writes: refused.*\nworker B writes: accepted\n/);
});

test('the page says how long an expired session is remembered', () => {
  expect(EXPIRED_SESSION_MEMORY_SECONDS).toBe(3600);
  expect(readFileSync('docs/http.md', 'utf8')).toContain(
    'A session that expired within the last hour answers 410',
  );
});
