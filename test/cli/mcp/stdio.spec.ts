import { OctoStoreClient } from '@octostore/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SOON } from '../../support/process.js';
import { ADMIN_KEY, ALICE, BOB, startServer, type TestServer } from '../../support/server.js';
import { TestAgent, type Era } from './mcp-rig.js';

const EDIT = { purpose: 'rename the cart' };

let server: TestServer;
let person: OctoStoreClient;

beforeAll(async () => {
  server = await startServer();
  person = new OctoStoreClient({ baseUrl: server.url, token: BOB });
});

afterAll(() => server.close());

const agentOf = (token: string, name: string, era: Era = 'legacy') =>
  TestAgent.onStdio(server.url, token, { name, era });

const statusOf = async (name: string) => (await person.lockStatus(name)).status;

describe.each<Era>(['legacy', 'auto'])('with the %s handshake', (era) => {
  test('an agent gets all that it names, and another one learns who has it, since when and why', async () => {
    const [ada, bob] = await Promise.all([agentOf(ALICE, 'ada-agent', era), agentOf(BOB, 'bob-agent', era)]);
    const paths = [`src/${era}/cart.ts`, `src/${era}/[id].tsx`];
    const claimed = await ada.says('claim', { ...EDIT, paths });
    expect(claimed).toMatchObject({
      isError: false,
      text: expect.stringMatching(/^CLAIMED: /) as string,
      data: {
        claims: [
          {
            names: [`shop/src/${era}/cart.ts`, `shop/src/${era}/_5Bid_5D.tsx`],
            mode: 'exclusive',
            fencing_token: expect.any(Number) as number,
            is_valid: true,
          },
        ],
        release_requests: [],
        lost: [],
      },
    });
    const refused = await bob.says('claim', {
      purpose: 'fix a typo',
      paths: [`src/${era}/free.ts`, paths[0]],
    });
    expect(refused.isError).toBe(true);
    expect(refused.text).toMatch(
      /^NOT CLAIMED, none of it\. .* alice has held it .*ada-agent on .*rename the cart/,
    );
    expect(refused.data).toMatchObject({
      problem: { code: 'lock_held' },
      held: { holders: [{ holder: 'alice', since: expect.any(String) as string }], waiting: 0 },
    });
    expect(await statusOf(`shop/src/${era}/free.ts`)).toBe('available');
    const seen = await bob.says('who_has', { paths });
    expect(seen.data).toMatchObject({ locks: [{ status: 'held' }, { status: 'held' }] });
    await ada.says('release');
    expect(await statusOf(`shop/src/${era}/cart.ts`)).toBe('available');
  });
});

test('an agent that waits gets what it asked for when the other one releases it', async () => {
  const [ada, bob] = await Promise.all([agentOf(ALICE, 'a'), agentOf(BOB, 'b')]);
  const names = ['deploy/waiting'];
  await ada.says('claim', { ...EDIT, names });
  const waiting = bob.says('claim', { purpose: 'deploy', names, wait_seconds: 50 });
  await expect.poll(async () => (await person.lockStatus('deploy/waiting')).waiters, SOON).toBe(1);
  expect((await ada.says('release', { names })).data).toMatchObject({ released: names });
  expect(await waiting).toMatchObject({ isError: false, data: { claims: [{ names }] } });
});

test('the holder learns that another one asks for release, by a notification and with its next call', async () => {
  const [ada, bob] = await Promise.all([agentOf(ALICE, 'a'), agentOf(BOB, 'b')]);
  const notices: unknown[] = [];
  const updated: string[] = [];
  ada.client.setNotificationHandler('notifications/message', ({ params }) => void notices.push(params.data));
  ada.client.setNotificationHandler(
    'notifications/resources/updated',
    ({ params }) => void updated.push(params.uri),
  );
  const names = ['deploy/asked'];
  await ada.says('claim', { ...EDIT, names });
  expect((await bob.says('ask_for_release', { names, message: 'production is down' })).isError).toBe(false);
  await expect
    .poll(() => notices, SOON)
    .toMatchObject([{ kind: 'release_requested', names, by: 'bob', message: 'production is down' }]);
  expect(updated).toEqual(['octostore://claims']);
  const asked = { names, by: 'bob', message: 'production is down' };
  const mine = await ada.says('my_claims');
  expect(mine.data).toMatchObject({ release_requests: [asked] });
  expect(mine.text).toContain('bob asks you to release deploy/asked. Their message: "production is down".');
  const { contents } = await ada.client.readResource({ uri: 'octostore://claims' });
  const [content] = contents;
  expect(JSON.parse(content !== undefined && 'text' in content ? content.text : '')).toMatchObject({
    claims: [{ names }],
    release_requests: [asked],
  });
});

test('the claims of a killed agent end with its session, and a waiting agent gets them', async () => {
  const [ada, bob] = await Promise.all([agentOf(ALICE, 'a'), agentOf(BOB, 'b')]);
  const names = ['deploy/killed'];
  await ada.says('claim', { ...EDIT, names, keep_minutes: 480 });
  const waiting = bob.says('claim', { purpose: 'deploy', names, wait_seconds: 55 });
  await expect.poll(async () => (await person.lockStatus('deploy/killed')).waiters, SOON).toBe(1);
  process.kill(ada.pid ?? 0, 'SIGKILL');
  expect(await waiting).toMatchObject({ isError: false });
  const { leases } = await person.history('deploy/killed');
  expect(leases.map(({ how }) => how)).toEqual(['held', expect.stringMatching(/^(session_)?expired$/)]);
});

test.each(['SIGTERM', 'end of input'] as const)('%s releases the claims of an agent at once', async (how) => {
  const ada = await agentOf(ALICE, 'a');
  const name = `deploy/${how.replaceAll(' ', '-')}`;
  await ada.says('claim', { ...EDIT, names: [name] });
  if (how === 'SIGTERM') process.kill(ada.pid ?? 0, 'SIGTERM');
  else await ada.client.close();
  await expect.poll(() => statusOf(name), SOON).toBe('available');
  expect((await person.history(name)).leases).toMatchObject([{ how: 'released' }]);
});

test('an agent learns that it has lost a claim, and check fails', async () => {
  const ada = await agentOf(ALICE, 'a');
  const names = ['deploy/broken'];
  await ada.says('claim', { ...EDIT, names });
  expect(await ada.says('check', { names })).toMatchObject({
    isError: false,
    data: { claims: [{ is_valid: true }] },
  });
  await new OctoStoreClient({ baseUrl: server.url, token: ADMIN_KEY }).breakLock('deploy/broken', {
    reason: 'it hangs',
  });
  await expect.poll(async () => (await ada.says('check', { names })).isError, SOON).toBe(true);
});

test('two agents of one user contend, and one agent keeps what it claims again', async () => {
  const [one, other] = await Promise.all([agentOf(ALICE, 'one'), agentOf(ALICE, 'other')]);
  const names = ['deploy/same-user'];
  const first = await one.says('claim', { ...EDIT, names });
  expect((await other.says('claim', { ...EDIT, names })).isError).toBe(true);
  const again = await one.says('claim', { ...EDIT, names, keep_minutes: 60 });
  const tokens = [first, again].map(
    ({ data }) => (data['claims'] as { fencing_token: number }[])[0]?.fencing_token,
  );
  expect(tokens[0]).toBe(tokens[1]);
  expect(await one.says('claim', { ...EDIT, names, mode: 'shared' })).toMatchObject({
    isError: true,
    data: { problem: { code: 'other_mode' } },
  });
});

test.each([
  [{ paths: ['../secret'] }, 'unusable_path', /leads out of the workspace/],
  [{ paths: ['/somewhere/else'] }, 'unusable_path', /leads out of the workspace/],
  [{ paths: ['a'.repeat(65)] }, 'unusable_path', /65 characters long, and a component has at most 64/],
  [{ names: ['a b'] }, 'validation', /consists of components/],
  [{}, 'validation', /at least one of "paths" or "names"/],
])('the claim of %j is refused with %s', async (targets, code, message) => {
  const ada = await agentOf(ALICE, 'a');
  const refused = await ada.says('claim', { ...EDIT, ...targets });
  expect(refused).toMatchObject({
    isError: true,
    data: { problem: { code, message: expect.stringMatching(message) as string } },
  });
});

test('a token that the server does not know is a sentence, and not a stack', async () => {
  const stranger = await agentOf('octo_wrong', 'a');
  const refused = await stranger.says('who_has', { names: ['a'] });
  expect(refused).toMatchObject({ isError: true });
  expect(refused.text).toMatch(/^ERROR \([a-z_]+\): [^\n]+$/);
});
