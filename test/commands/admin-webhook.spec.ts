import { expect, test } from 'vitest';
import { ALICE, BOB, Installation } from '../support/process.js';

async function webhook(installation: Installation, ...args: string[]) {
  return installation.run(['admin', 'webhook', ...args]);
}

test('on the server’s machine, operators list, suspend, resume and delete the webhooks of any user', async () => {
  const installation = new Installation();
  const server = await installation.start();
  const created = await server.alice.post('/webhooks', { url: 'https://example.com/hook' });
  const id = String(created.body['id']);

  expect(await webhook(installation, 'list')).toMatchObject({ code: 0, stdout: expect.stringContaining(id) });
  expect((await webhook(installation, 'list', '--user', 'bob')).stdout).toBe('There are no webhooks.\n');
  const suspended = await webhook(installation, 'suspend', id, '--json');
  expect(JSON.parse(suspended.stdout)).toMatchObject({ id, user: 'static:alice', suspended_by: 'operator' });
  expect((await webhook(installation, 'list')).stdout).toContain('suspended (operator)');
  expect((await webhook(installation, 'resume', id)).stdout).toContain('active');
  expect(await webhook(installation, 'delete', id)).toMatchObject({ code: 0, stdout: `Deleted ${id}.\n` });
  for (const unknown of [id, '..']) {
    expect(await webhook(installation, 'suspend', unknown)).toMatchObject({ code: 66 });
  }
  await server.kill('SIGTERM');
});

test('without a running server, the commands say so', async () => {
  const installation = new Installation();
  const { code, stderr } = await webhook(installation, 'list');
  expect(code).toBe(69);
  expect(stderr).toMatch(/^octostore: No server is running on .*\n$/);
});

test('the webhooks of a user are suspended while the configuration does not name that user', async () => {
  const installation = new Installation();
  const first = await installation.start();
  await first.alice.post('/webhooks', { url: 'https://example.com/hook' });
  await first.kill('SIGTERM');
  const state = async () => (await webhook(installation, 'list')).stdout;

  const without = await installation.start({ STATIC_TOKENS: `bob:${BOB}` });
  expect(await state()).toContain('static:alice  suspended (no_valid_token)');
  await without.kill('SIGKILL');
  const still = await installation.start({ STATIC_TOKENS: `bob:${BOB}` });
  expect(await state()).toContain('static:alice  suspended (no_valid_token)');
  await still.kill('SIGTERM');

  const back = await installation.start({ STATIC_TOKENS: `alice:${ALICE}` });
  await expect.poll(state).toContain('static:alice  active');
  await back.kill('SIGTERM');
});
