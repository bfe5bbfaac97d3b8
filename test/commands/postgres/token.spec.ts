import { expect, test } from 'vitest';
import { Client } from '../../../lab/kit/http/client.js';
import { Installation, type Finished } from '../../support/process.js';
import { postgresInstallation } from './installation.js';

async function create(installation: Installation, user: string): Promise<string> {
  const { code, stdout } = await installation.run(['token', 'create', user]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^octo_\w+\n$/);
  return stdout.trim();
}

async function statusWith(url: string, token: string): Promise<number> {
  return (await new Client(url, token).get('/locks')).status;
}

test('tokens can be created and revoked while a server runs, with immediate effect', async () => {
  const { installation } = await postgresInstallation();
  const { url } = await installation.start();
  const token = await create(installation, 'ci');
  expect(await statusWith(url, token)).toBe(200);
  expect(await installation.run(['token', 'revoke', '--user', 'ci'])).toMatchObject({ code: 0 });
  expect(await statusWith(url, token)).toBe(401);
});

test('without a server, a command leads itself, on a new database too', async () => {
  const { installation } = await postgresInstallation();
  const token = await create(installation, 'ci');
  const { url } = await installation.start();
  expect(await statusWith(url, token)).toBe(200);
});

test('a server that was killed is noticed, and the token works after the next start', async () => {
  const { installation } = await postgresInstallation();
  await (await installation.start()).kill('SIGKILL');
  const token = await create(installation, 'ci');
  expect(await statusWith((await installation.start()).url, token)).toBe(200);
});

test('concurrent commands without a server wait for each other', async () => {
  const { installation } = await postgresInstallation();
  const all = await Promise.all(
    ['a', 'b', 'c'].map((user): Promise<Finished> => installation.run(['token', 'create', user])),
  );
  expect(all.map(({ code }) => code)).toEqual([0, 0, 0]);
});

test('a command with another SECRET_KEY does not reach the server, and leaves it alone', async () => {
  const { installation } = await postgresInstallation();
  const { url } = await installation.start();
  const settings = { SECRET_KEY: 'another-key-of-more-than-32-characters' };
  const { code, stdout, stderr } = await installation.run(['token', 'create', 'ci'], settings);
  expect({ code, stdout }).toEqual({ code: 69, stdout: '' });
  expect(stderr).toContain('has another SECRET_KEY');
  expect(await statusWith(url, await create(installation, 'ci'))).toBe(200);
});

test('the webhooks of a running server can be managed, and without one the error says what to do', async () => {
  const { installation } = await postgresInstallation();
  const server = await installation.start();
  expect(await installation.run(['admin', 'webhook', 'list'])).toMatchObject({
    code: 0,
    stdout: 'There are no webhooks.\n',
  });
  await server.kill('SIGTERM');
  const { code, stderr } = await installation.run(['admin', 'webhook', 'list']);
  expect(code).toBe(69);
  expect(stderr).toMatch(/^octostore: No server is running on postgres:\/\/[^\n]* Start it first/);
});
