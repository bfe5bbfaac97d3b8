import { expect, test } from 'vitest';
import { ALICE } from '../support/server.js';
import { browserSuite, signIn } from './browser-suite.js';
import { act, expectNoRow, expectRow, expectText } from './steps.js';

const suite = browserSuite({ WEBHOOK_ALLOW_PRIVATE_NETWORKS: '127.0.0.1' });

test('a token is shown once, works in another browser, and is revoked', async () => {
  const page = await suite.open('/tokens');
  await page.getByRole('button', { name: 'Create a token…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Label' }).fill('night shift');
  await dialog.getByRole('checkbox', { name: 'observe' }).check();
  await dialog.getByRole('textbox', { name: 'On these locks' }).fill('deploy/*');
  await dialog.getByRole('combobox').selectOption('1 hour');
  await dialog.getByRole('button', { name: 'Create the token' }).click();
  const token = (await dialog.locator('code', { hasText: /^octo_/ }).textContent()) ?? '';
  expect(token).toMatch(/^octo_/);
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expectRow(page, /night shift .* observe on deploy\/\*/);

  const other = await suite.open('/locks', token);
  await page
    .getByRole('row', { name: /night shift/ })
    .getByRole('button', { name: 'Revoke…' })
    .click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke', exact: true }).click();
  await expectText(page, 'Revoked night shift');
  await other.getByText('Your session has ended').waitFor();
});

test('a session is ended with its locks', async () => {
  const { body } = await suite.alice.post('/sessions', { ttl_seconds: 300 });
  await suite.alice.post('/locks/of-session/acquire', { ttl_seconds: 300, session_id: body['session_id'] });
  const page = await suite.open('/sessions');
  await expectRow(page, new RegExp(`${String(body['session_id'])} 1 300 s`));
  await act(page, 'End…', 'End the session');
  await expectText(page, 'You have no sessions.');
  expect((await suite.alice.get('/locks/of-session')).body['status']).toBe('available');
});

test('a webhook is created, tested, and its failing delivery skipped, repeated and deleted', async () => {
  const page = await suite.open('/webhooks');
  await act(page, 'Create a webhook…', 'Create the webhook', {
    URL: 'https://127.0.0.1:9/hook',
    Locks: 'hooked/*',
  });
  await page.getByRole('link', { name: 'https://127.0.0.1:9/hook' }).click();
  await act(page, 'Test…', 'Send');
  await expectText(page, /It failed after .* Connect failed/);
  await suite.bob.post('/locks/hooked%2Fone/acquire', { ttl_seconds: 300 });
  await expectRow(page, /pending Acquired hooked\/one/);
  await act(page, 'Skip…', 'Skip');
  await expectRow(page, /skipped Acquired hooked\/one/);
  await act(page, 'Send again…', 'Send again');
  await expectText(page, 'The event will be sent again');
  await act(page, 'Delete…', 'Delete');
  await expectText(page, 'You have no webhooks.');
});

test('an administrator suspends the webhook of another user', async () => {
  await suite.bob.post('/webhooks', { url: 'https://127.0.0.1:9/of-bob' });
  const page = await suite.open('/webhooks');
  await act(page, 'Suspend…', 'Suspend');
  await expectRow(page, /of-bob static:bob suspended: operator/);
  await act(page, 'Resume…', 'Resume');
  await expectRow(page, /of-bob static:bob active/);
});

test('a policy is checked, compared, applied and explained', async () => {
  const page = await suite.open('/policy');
  await page.getByRole('button', { name: 'Write a policy' }).click();
  const editor = page.getByRole('textbox', { name: 'Policy' });
  await editor.fill('grants:\n  - to: [everyone]\n    may: [fly]\n    on: ["*"]\n');
  await page.getByRole('button', { name: 'Check' }).click();
  await expectText(page, 'The policy has 1 mistake.');
  await expectText(page, /Mistake in line 3/);
  expect(await page.getByRole('button', { name: 'Apply…' }).count()).toBe(0);
  await editor.fill('grants:\n  - to: [everyone]\n    may: [observe]\n    on: ["*"]\n');
  await page.getByRole('button', { name: 'Check' }).click();
  await expectText(page, 'The policy is valid.');
  await act(page, 'Apply…', 'Apply');
  await expectText(page, /Version 1, applied by alice/);
  await page.getByRole('textbox', { name: 'User' }).fill('bob');
  await page.getByRole('textbox', { name: 'Lock' }).fill('deploy/prod');
  await page.getByRole('button', { name: 'Find out' }).click();
  await page.locator('.answer .bad-line').waitFor();
  await suite.alice.call('DELETE', '/admin/policy', { headers: { 'If-Match': '*' } });
});

test('users are found, get tokens, and lose them', async () => {
  const page = await suite.open('/users');
  await act(page, 'Create a token…', 'Create the token', { User: 'local:carol', Label: 'laptop' });
  await expectText(page, /^octo_/);
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('searchbox').fill('carol');
  await expectRow(page, /local:carol none 0 0 1/);
  await expectNoRow(page, /static:bob/);
  await act(page, 'Revoke all…', 'Revoke all');
  await expectRow(page, /local:carol none 0 0 0/);
  await act(page, 'Create a service account…', 'Create', { Name: 'robot', Owners: 'static:bob' });
  await expectRow(page, /service:robot static:bob/);
  await act(page, 'Owners…', 'Replace the owners', { Owners: 'static:alice' });
  await expectRow(page, /service:robot static:alice/);
  await page
    .getByRole('row', { name: /service:robot/ })
    .getByRole('button', { name: 'Delete…' })
    .click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
  await expectText(page, 'Deleted service:robot');
});

test('a browser session needs no token in the page, and ends', async () => {
  const page = await suite.open('/locks', null);
  await page.getByLabel('Token', { exact: true }).waitFor();
  const opened = await page.evaluate(async (token) => {
    const reply = await fetch('/auth/session', {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}` },
    });
    return reply.status;
  }, ALICE);
  expect(opened).toBe(201);
  await page.goto(`${suite.url}/console/locks/by-session`);
  await act(page, 'Acquire…', 'Acquire');
  await expectText(page, 'You hold by-session');
  await page.getByRole('link', { name: 'Tokens' }).click();
  await page
    .getByRole('row', { name: /this one/ })
    .getByRole('button', { name: 'End…' })
    .click();
  await page.getByRole('dialog').getByRole('button', { name: 'End the session' }).click();
  await page.getByLabel('Token', { exact: true }).waitFor();
  await signIn(page, ALICE);
});
