import { expect, test } from 'vitest';
import { Client } from '../../lab/kit/http/client.js';
import { Installation } from '../support/process.js';

/** Nothing by which anyone could sign in or be an administrator. */
const NO_SIGN_IN = { ADMIN_KEY: undefined, STATIC_TOKENS: undefined };

/** Settings with which no server starts. */
const BROKEN = {
  GITHUB_CLIENT_ID: 'id',
  GITHUB_BASE_URL: 'no url',
  STATIC_TOKENS_FILE: 'missing',
  ADMIN_KEY: 'x',
};

test('a token for an emergency needs no sign-in, with the server running or stopped', async () => {
  const installation = new Installation(NO_SIGN_IN);
  const server = await installation.start();
  const running = await installation.run(['admin', 'token', '--reason', 'GitHub is down'], BROKEN);
  expect(running).toMatchObject({ code: 0 });
  expect(running.stderr).toContain('expires at');
  const status = (url: string, token: string) => new Client(url, token.trim()).get('/admin/status');
  expect((await status(server.url, running.stdout)).status).toBe(200);
  await server.program.printed(/Created a token of an administrator for an emergency/);
  expect(server.program.stdout).toContain('GitHub is down');
  expect(server.program.stdout).not.toContain(running.stdout.trim());
  await server.kill('SIGTERM');

  const stopped = await installation.run(['admin', 'token', '--for', '1h', '--json'], BROKEN);
  const { token, label } = JSON.parse(stopped.stdout) as { token: string; label: string };
  expect(label).toBe('break glass');
  const again = await installation.start();
  for (const made of [running.stdout, token]) expect((await status(again.url, made)).status).toBe(200);
  await again.program.printed(/A token of an administrator for an emergency is valid/);
  expect(await installation.run(['admin', 'token', '--for', '2h'], BROKEN)).toMatchObject({ code: 2 });
});

test('octostore admin lists what can be done', async () => {
  const { code, stdout } = await new Installation().run(['admin']);
  expect(code).toBe(0);
  for (const command of ['token', 'webhook', 'octostore policy show', 'octostore service list'])
    expect(stdout).toContain(command);
});
