import { OctoStoreClient } from '@octostore/client';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { EXIT } from '../../../src/cli/shared/exit-codes.js';
import { SOON, type Program } from '../../support/process.js';
import { ALICE, BOB, startServer, type TestServer } from '../../support/server.js';
import { octostore } from '../cli-rig.js';
import { TestAgent } from './mcp-rig.js';

const EDIT = { purpose: 'rename the cart' };

let server: TestServer;
let person: OctoStoreClient;

beforeAll(async () => {
  server = await startServer();
  person = new OctoStoreClient({ baseUrl: server.url, token: BOB });
});

afterAll(() => server.close());

const statusOf = async (name: string) => (await person.lockStatus(name)).status;

/** A server for agents, without a token of its own. */
async function listen(...args: string[]): Promise<{ readonly url: string; readonly program: Program }> {
  const program = octostore(['mcp', '--workspace', 'shop', '--http', '127.0.0.1:0', ...args], server.url, {
    OCTOSTORE_TOKEN: undefined,
  });
  const [, url = ''] = await program.printed(/listening for agents on (\S+)/);
  return { url, program };
}

test('agents contend with their own tokens, and a session that ends takes its claims along', async () => {
  const { url } = await listen();
  const [ada, bob] = await Promise.all([TestAgent.overHttp(url, ALICE), TestAgent.overHttp(url, BOB)]);
  const paths = ['src/cart.ts'];
  expect((await ada.says('claim', { ...EDIT, paths })).isError).toBe(false);
  const refused = await bob.says('claim', { ...EDIT, paths });
  expect(refused).toMatchObject({ isError: true, data: { held: { holders: [{ holder: 'alice' }] } } });
  const waiting = bob.says('claim', { ...EDIT, paths, wait_seconds: 50 });
  await expect.poll(async () => (await person.lockStatus('shop/src/cart.ts')).waiters, SOON).toBe(1);
  await ada.transport.terminateSession();
  expect((await waiting).isError).toBe(false);
});

test('an agent that is silent for too long has gone, and so have its claims', async () => {
  const { url } = await listen('--idle', '1s');
  const ada = await TestAgent.overHttp(url, ALICE, { era: 'auto', headers: { 'OctoStore-Agent': 'ada' } });
  expect((await ada.says('claim', { ...EDIT, names: ['idle'] })).isError).toBe(false);
  await expect.poll(() => statusOf('idle'), SOON).toBe('available');
});

test('without sessions of the protocol, agents are told apart by their names', async () => {
  const { url } = await listen();
  const named = (name: string) =>
    TestAgent.overHttp(url, ALICE, { era: 'auto', headers: { 'OctoStore-Agent': name } });
  const [one, same, other] = await Promise.all([named('one'), named('one'), named('other')]);
  expect(one.client.getNegotiatedProtocolVersion()).toBe('2026-07-28');
  await one.says('claim', { ...EDIT, names: ['named'] });
  expect((await same.says('check', { names: ['named'] })).isError).toBe(false);
  expect((await other.says('claim', { ...EDIT, names: ['named'] })).text).toContain('"one: rename the cart"');
});

test('a client that can do both and does not name its agent gets a session', async () => {
  const { url } = await listen();
  const ada = await TestAgent.overHttp(url, ALICE, { era: 'auto' });
  expect(ada.transport.sessionId).toMatch(/^[0-9a-f-]{36}$/);
  expect((await ada.says('my_claims')).isError).toBe(false);
});

test('SIGTERM releases the claims of all agents', async () => {
  const { url, program } = await listen();
  const ada = await TestAgent.overHttp(url, ALICE);
  await ada.says('claim', { ...EDIT, names: ['stopped'] });
  program.signal('SIGTERM');
  expect((await program.finish()).code).toBe(0);
  expect(await statusOf('stopped')).toBe('available');
});

const HELLO = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'raw', version: '1' } },
};

test.each([
  ['no token', {}, 401],
  ['a token that no one has', { Authorization: 'Bearer octo_wrong' }, 401],
  ['a page of another host', { Authorization: `Bearer ${ALICE}`, Origin: 'https://evil.example' }, 403],
  ['another host', { Authorization: `Bearer ${ALICE}`, Host: 'evil.example' }, 403],
  ['an unknown session', { Authorization: `Bearer ${ALICE}`, 'Mcp-Session-Id': 'made-up' }, 404],
])('a request with %s is refused', async (_, headers, status) => {
  const { url } = await listen();
  expect(await statusOfPost(url, { ...headers }, JSON.stringify(HELLO))).toBe(status);
});

test('a session belongs to the token that opened it', async () => {
  const { url } = await listen();
  const ada = await TestAgent.overHttp(url, ALICE);
  const stolen = { Authorization: `Bearer ${BOB}`, 'Mcp-Session-Id': ada.transport.sessionId ?? '' };
  const list = { jsonrpc: '2.0', id: 2, method: 'tools/list' };
  expect(await statusOfPost(url, stolen, JSON.stringify(list))).toBe(404);
});

test.each([
  [['--http', '0.0.0.0:0'], /Say with --allow-host/],
  [['--http', 'nonsense'], /is not an address/],
  [['--workspace', 'a b'], /cannot begin the name of a lock/],
])('%j is refused', async (args, sentence) => {
  const { code, stderr } = await octostore(['mcp', ...args], server.url).finish();
  expect(code).toBe(EXIT.usage);
  expect(stderr).toMatch(sentence);
});

/** `fetch` cannot send the header `Host`. */
async function statusOfPost(url: string, headers: Record<string, string>, body: string): Promise<number> {
  const { request } = await import('node:http');
  return new Promise((resolve, reject) => {
    const all = {
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      ...headers,
    };
    const sent = request(url, { method: 'POST', headers: all }, (response) => {
      response.destroy();
      resolve(response.statusCode ?? 0);
    });
    onTestFinished(() => void sent.destroy());
    sent.once('error', reject).end(body);
  });
}
