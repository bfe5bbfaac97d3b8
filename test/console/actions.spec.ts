import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { ALICE } from '../support/server.js';
import { browserSuite, signIn } from './browser-suite.js';

const suite = browserSuite({ WEBHOOK_ALLOW_PRIVATE_NETWORKS: '127.0.0.1' });

/** Opens the dialog of an action, fills it in and confirms it. */
async function act(page: Page, opener: string, verb: string, fields: Record<string, string> = {}) {
  await page.getByRole('button', { name: opener, exact: true }).first().click();
  const dialog = page.getByRole('dialog');
  for (const [label, value] of Object.entries(fields)) {
    await dialog.getByRole('textbox', { name: label }).fill(value);
  }
  await dialog.getByRole('button', { name: verb, exact: true }).click();
}

const shows = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor();

test('a token is shown once, works in another browser, and is revoked', async () => {
  const page = await suite.open('/tokens');
  await page.getByRole('button', { name: 'Create a token…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Label' }).fill('night shift');
  await dialog.getByRole('checkbox', { name: 'observe' }).check();
  await dialog.getByRole('textbox', { name: 'On these locks' }).fill('deploy/*');
  await dialog.getByRole('combobox').selectOption('1 hour');
  await dialog.getByRole('button', { name: 'Create the token' }).click();
  const token = (await dialog.locator('code').textContent()) ?? '';
  expect(token).toMatch(/^octo_/);
  await dialog.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('row', { name: /night shift .* observe on deploy\/\*/ }).waitFor();

  const other = await suite.open('/locks', token);
  await page
    .getByRole('row', { name: /night shift/ })
    .getByRole('button', { name: 'Revoke…' })
    .click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke', exact: true }).click();
  await shows(page, 'Revoked night shift');
  await other.getByText('Your session has ended').waitFor();
});

test('a session is ended with its locks', async () => {
  const { body } = await suite.alice.post('/sessions', { ttl_seconds: 300 });
  await suite.alice.post('/locks/of-session/acquire', { ttl_seconds: 300, session_id: body['session_id'] });
  const page = await suite.open('/sessions');
  await page.getByRole('row', { name: new RegExp(`${String(body['session_id'])} 1 300 s`) }).waitFor();
  await act(page, 'End…', 'End the session');
  await shows(page, 'You have no sessions.');
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
  await shows(page, /It failed after .* Connect failed/);
  await suite.bob.post('/locks/hooked%2Fone/acquire', { ttl_seconds: 300 });
  await page.getByRole('row', { name: /pending Acquired hooked\/one/ }).waitFor();
  await act(page, 'Skip…', 'Skip');
  await page.getByRole('row', { name: /skipped Acquired hooked\/one/ }).waitFor();
  await act(page, 'Send again…', 'Send again');
  await shows(page, 'The event will be sent again');
  await act(page, 'Delete…', 'Delete');
  await shows(page, 'You have no webhooks.');
});

test('an administrator suspends the webhook of another user', async () => {
  await suite.bob.post('/webhooks', { url: 'https://127.0.0.1:9/of-bob' });
  const page = await suite.open('/webhooks');
  await act(page, 'Suspend…', 'Suspend');
  await page.getByRole('row', { name: /of-bob static:bob suspended: operator/ }).waitFor();
  await act(page, 'Resume…', 'Resume');
  await page.getByRole('row', { name: /of-bob static:bob active/ }).waitFor();
});

test('a policy is checked, compared, applied and explained', async () => {
  const page = await suite.open('/policy');
  await page.getByRole('button', { name: 'Write a policy' }).click();
  const editor = page.getByRole('textbox', { name: 'Policy' });
  await editor.fill('grants:\n  - to: [everyone]\n    may: [fly]\n    on: ["*"]\n');
  await page.getByRole('button', { name: 'Check' }).click();
  await shows(page, 'The policy has 1 mistake.');
  await shows(page, /Mistake in line 3/);
  expect(await page.getByRole('button', { name: 'Apply…' }).count()).toBe(0);
  await editor.fill('grants:\n  - to: [everyone]\n    may: [observe]\n    on: ["*"]\n');
  await page.getByRole('button', { name: 'Check' }).click();
  await shows(page, 'The policy is valid.');
  await act(page, 'Apply…', 'Apply');
  await shows(page, /Version 1, applied by alice/);
  await page.getByRole('textbox', { name: 'User' }).fill('bob');
  await page.getByRole('textbox', { name: 'Lock' }).fill('deploy/prod');
  await page.getByRole('button', { name: 'Find out' }).click();
  await page.locator('.answer .bad-line').waitFor();
  await suite.alice.call('DELETE', '/admin/policy', { headers: { 'If-Match': '*' } });
});

test('users are found, get tokens, and lose them', async () => {
  const page = await suite.open('/users');
  await act(page, 'Create a token…', 'Create the token', { User: 'local:carol', Label: 'laptop' });
  await shows(page, /^octo_/);
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('searchbox').fill('carol');
  await page.getByRole('row', { name: /local:carol none 0 0 1/ }).waitFor();
  await page.getByRole('row', { name: /static:bob/ }).waitFor({ state: 'detached' });
  await act(page, 'Revoke all…', 'Revoke all');
  await page.getByRole('row', { name: /local:carol none 0 0 0/ }).waitFor();
  await act(page, 'Create a service account…', 'Create', { Name: 'robot', Owners: 'static:bob' });
  await page.getByRole('row', { name: /service:robot static:bob/ }).waitFor();
  await act(page, 'Owners…', 'Replace the owners', { Owners: 'static:alice' });
  await page.getByRole('row', { name: /service:robot static:alice/ }).waitFor();
  await page
    .getByRole('row', { name: /service:robot/ })
    .getByRole('button', { name: 'Delete…' })
    .click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
  await shows(page, 'Deleted service:robot');
});

test('a browser session needs no token in the page, and ends', async () => {
  const page = await suite.open('/locks', null);
  await page.getByLabel('Token').waitFor();
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
  await shows(page, 'You hold by-session');
  await page.getByRole('link', { name: 'Tokens' }).click();
  await page
    .getByRole('row', { name: /this one/ })
    .getByRole('button', { name: 'End…' })
    .click();
  await page.getByRole('dialog').getByRole('button', { name: 'End the session' }).click();
  await page.getByLabel('Token').waitFor();
  await signIn(page, ALICE);
});
