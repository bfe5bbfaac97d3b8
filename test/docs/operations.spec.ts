import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SERVER_EXIT } from '../../src/cli/shared/exit-codes.js';
import { ADMIN_KEY, startServer, type TestServer } from '../support/server.js';

const operations = readFileSync('docs/operations.md', 'utf8');
let server: TestServer;

beforeAll(async () => {
  server = await startServer();
});

afterAll(() => server.close());

test('the operations guide lists every exit code of the server and no other', () => {
  const table = operations.slice(operations.indexOf('### Exit codes'), operations.indexOf('## Backup'));
  const listed = [...table.matchAll(/^\| (\d+) +\|/gm)].map(([, code]) => Number(code));
  expect(listed).toEqual(Object.values(SERVER_EXIT).toSorted((a, b) => a - b));
});

test('every metric that the operations guide names exists', async () => {
  const scraped = await (
    await fetch(`${server.url}/metrics`, { headers: { authorization: `Bearer ${ADMIN_KEY}` } })
  ).text();
  const named = operations
    .split('\n')
    .filter((line) => line.startsWith('| `octostore_'))
    .flatMap((line) => [...line.matchAll(/`(octostore_[a-z_]+)[{`]/g)].map(([, name]) => name ?? ''));
  expect(named.length).toBeGreaterThan(10);
  for (const name of named) expect(scraped, name).toContain(`# TYPE ${name} `);
});
