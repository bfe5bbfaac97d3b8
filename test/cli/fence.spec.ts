import { OctoStoreClient } from '@octostore/client';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { EXIT } from '../../src/cli/shared/exit-codes.js';
import { type Finished } from '../support/process.js';
import { ALICE, startServer, type TestServer } from '../support/server.js';
import { octostore } from './cli-rig.js';

let server: TestServer;
/** Two tokens that were issued, the lower one first. */
let low: number;
let high: number;

beforeAll(async () => {
  server = await startServer();
});

beforeEach(async () => {
  const alice = new OctoStoreClient({ baseUrl: server.url, token: ALICE });
  low = (await alice.acquire('a', { leaseId: crypto.randomUUID(), mode: 'shared' })).fencingToken;
  high = (await alice.acquire('a', { leaseId: crypto.randomUUID(), mode: 'shared' })).fencingToken;
});

afterAll(() => server.close());

function run(line: string, settings: Record<string, string | undefined> = {}): Promise<Finished> {
  return octostore(line.split(' '), server.url, settings).finish();
}

test('a fence passes tokens up to the highest, and shows it', async () => {
  expect(await run('fence show gpu/3 --json')).toMatchObject({
    code: 0,
    stdout: '{"name":"gpu/3","highest":0}\n',
  });
  expect(await run(`fence advance gpu/3 ${high} --json`)).toMatchObject({
    code: 0,
    stdout: `{"name":"gpu/3","highest":${high}}\n`,
  });
  expect((await run('fence show gpu/3')).stdout).toMatch(
    new RegExp(`^fence {2,}gpu/3\nhighest fencing token {2,}${high}\n$`),
  );
});

test.each(['advance', 'check'])('a stale token has its own exit code (%s)', async (verb) => {
  await run(`fence advance ${verb} ${high}`);
  const { code, stderr, stdout } = await run(`fence ${verb} ${verb} ${low} --json`);
  expect(code).toBe(EXIT.staleToken);
  expect(stderr).toMatch(/^octostore: The fence has seen a higher fencing token, [^\n]+\n$/);
  expect(JSON.parse(stdout)).toMatchObject({
    error: {
      type: 'stale',
      code: 'stale_fencing_token',
      status: 409,
      highest: high,
      exit_code: EXIT.staleToken,
    },
  });
});

test('a check changes nothing', async () => {
  expect((await run(`fence check checked ${high}`)).code).toBe(EXIT.ok);
  expect((await run(`fence advance checked ${low}`)).code).toBe(EXIT.ok);
});

test('the token of lock run is the default', async () => {
  expect((await run('fence advance default', { OCTOSTORE_FENCING_TOKEN: String(high) })).code).toBe(EXIT.ok);
  expect((await run('fence check default', { OCTOSTORE_FENCING_TOKEN: String(low) })).code).toBe(
    EXIT.staleToken,
  );
});

test.each([
  ['fence advance f', 'There is no fencing token'],
  ['fence check f 7a', 'The fencing token is not a whole number'],
  ['fence advance f 999999999', 'fencing_token must be a token that was issued'],
  ['fence advance a//b 1', 'A fence name consists of components'],
  ['fence show a b', 'too many arguments'],
])('%s is a usage error', async (line, problem) => {
  const { code, stderr } = await run(line);
  expect(stderr).toContain(problem);
  expect(code).toBe(EXIT.usage);
});
