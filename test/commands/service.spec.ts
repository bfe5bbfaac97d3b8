import { expect, test } from 'vitest';
import { Client } from '../../lab/kit/http/client.js';
import { ALICE, BOB, Installation } from '../support/process.js';

test('an administrator makes a service account, and its owner makes its tokens', async () => {
  const installation = new Installation();
  const server = await installation.start();
  const service = (...args: string[]) => installation.run(['service', ...args]);
  const asUser = (token: string, ...args: string[]) =>
    installation.run(['service', ...args], { OCTOSTORE_BASE_URL: server.url, OCTOSTORE_TOKEN: token });

  expect(await service('create', 'ci', '--owner', 'static:alice')).toMatchObject({
    code: 0,
    stdout: 'Created service:ci. Its owners: static:alice.\n',
  });
  expect(await service('create', 'ci')).toMatchObject({ code: 2 });
  expect(await service('create', 'other', '--owner', 'github:nobody')).toMatchObject({ code: 66 });
  expect((await service('list')).stdout).toMatch(/^service:ci .* static:alice$/m);
  expect((await asUser(ALICE, 'mine')).stdout).toMatch(/^service:ci .* static:alice$/m);

  const made = await asUser(ALICE, 'token', 'create', 'ci', '--label', 'deploy', '--expires-in', '1h');
  expect(made.code).toBe(0);
  const token = made.stdout.trim();
  const [, id = ''] = /with the id (\w+)/.exec(made.stderr) ?? [];
  expect((await new Client(server.url, token).get('/me')).body).toMatchObject({
    user: 'service:ci',
    token: { id },
  });
  expect((await asUser(ALICE, 'token', 'list', 'ci')).stdout).toContain(id);
  expect(await asUser(BOB, 'token', 'list', 'ci')).toMatchObject({ code: 66 });
  expect(await asUser(ALICE, 'token', 'revoke', 'ci', id)).toMatchObject({
    code: 0,
    stdout: `revoked ${id}\n`,
  });
  expect((await new Client(server.url, token).get('/me')).status).toBe(401);

  const narrow = await asUser(
    ALICE,
    'token',
    'create',
    'ci',
    '--label',
    'nightly',
    '--scope',
    'acquire:nightly/*',
  );
  const client = new Client(server.url, narrow.stdout.trim());
  expect((await client.post('/locks/nightly/x/acquire', { ttl_seconds: 60 })).status).toBe(200);
  expect((await client.post('/locks/other/acquire', { ttl_seconds: 60 })).status).toBe(403);

  expect((await service('owners', 'ci', '--owner', 'static:bob', '--owner', 'static:alice')).stdout).toBe(
    'The owners of service:ci are now: static:bob, static:alice.\n',
  );
  expect(await service('delete', 'ci')).toMatchObject({ code: 0, stdout: 'Deleted service:ci.\n' });
  expect(await service('delete', 'ci')).toMatchObject({ code: 66 });
});
