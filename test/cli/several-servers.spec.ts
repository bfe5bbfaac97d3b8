import { OctoStoreClient } from '@octostore/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Proxy } from '../../lab/kit/proxy/proxy.js';
import { EXIT } from '../../src/cli/shared/exit-codes.js';
import { SOON } from '../support/process.js';
import { BOB, startServer, type TestServer } from '../support/server.js';
import { COMPLIANT, groupOf, livingMembers, octostore, Rig } from './cli-rig.js';

let server: TestServer;
let bob: OctoStoreClient;

beforeAll(async () => {
  server = await startServer();
  bob = new OctoStoreClient({ baseUrl: server.url, token: BOB });
});

afterAll(() => server.close());

interface TwoServers {
  readonly first: Proxy;
  readonly second: Proxy;
  readonly urls: string;
}

/** Two proxies, which stand for two servers of one service. */
async function twoServers(): Promise<TwoServers> {
  const [{ proxy: first }, { proxy: second }] = [await Rig.start(server.url), await Rig.start(server.url)];
  return { first, second, urls: `${first.url},${second.url}` };
}

function hang({ faults }: Proxy): void {
  faults.add({ on: 'any', times: 'always', piece: 1, hang: true });
}

function renewalsAt(proxy: Proxy): number {
  return proxy.seen('renew').filter(({ status }) => status === 200).length;
}

test('a command goes on while one server after the other hangs, and its lock is released', async () => {
  const { first, second, urls } = await twoServers();
  const run = octostore(['lock', 'run', 'kept', '--ttl', '3s', '--', ...COMPLIANT], urls);
  const group = await groupOf(run);
  hang(first);
  await expect.poll(() => renewalsAt(second), SOON).toBeGreaterThan(2);
  const atFirst = renewalsAt(first);
  first.faults.clear();
  hang(second);
  await expect.poll(() => renewalsAt(first), SOON).toBeGreaterThan(atFirst + 2);
  expect(livingMembers(group)).not.toEqual([]);
  run.signal('SIGTERM');
  expect(await run.finish()).toMatchObject({ code: EXIT.signal + 15, stderr: '' });
  expect((await bob.lockStatus('kept')).status).toBe('available');
});

test('a leader goes on leading when its server refuses connections', async () => {
  const { first, second, urls } = await twoServers();
  const run = octostore(['elect', 'led', '--ttl', '3s', '--', ...COMPLIANT], `${urls}/`);
  const group = await groupOf(run);
  await first.down();
  await expect.poll(() => renewalsAt(second), SOON).toBeGreaterThan(2);
  expect(livingMembers(group)).not.toEqual([]);
  run.signal('SIGTERM');
  expect(await run.finish()).toMatchObject({ code: EXIT.signal + 15, stderr: '' });
});

test('a watch goes on at the next server, where it left off', async () => {
  const { first, urls } = await twoServers();
  await bob.acquire('seen/0');
  const run = octostore(['lock', 'watch', '--prefix', 'seen/'], `http://127.0.0.1:9,${urls}`);
  await run.printed(/held seen\/0/);
  await bob.acquire('seen/1');
  await run.printed(/acquired seen\/1/);
  await first.down();
  await bob.acquire('seen/2');
  await run.printed(/acquired seen\/2/);
  run.signal('SIGINT');
  await run.finish();
  expect(run.stdout.match(/acquired/g)).toHaveLength(2);
});

test('the option takes several servers too, and names all of them if none answers', async () => {
  const health = (urls: string) => octostore(['health', '--url', urls], 'http://127.0.0.1:9').finish();
  const { code, stdout } = await health(`http://127.0.0.1:9, ${server.url}`);
  expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('ready') as string });
  expect(await health('http://127.0.0.1:9,http://127.0.0.1:10/')).toMatchObject({
    code: EXIT.unreachable,
    stderr: expect.stringMatching(
      /^octostore: None of http:\/\/127.0.0.1:9, http:\/\/127.0.0.1:10 can be reached: .*\n$/,
    ) as string,
  });
});
