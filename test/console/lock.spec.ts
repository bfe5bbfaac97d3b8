import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { BOB } from '../support/server.js';
import { browserSuite } from './browser-suite.js';
import { act, expectRow, expectText } from './steps.js';

const suite = browserSuite();

async function acquire(name: string, fields: object = {}): Promise<string> {
  const { body } = await suite.bob.call('POST', `/locks/${encodeURIComponent(name)}/acquire`, {
    body: { ttl_seconds: 600, ...fields },
  });
  return String(body['lease_id']);
}

test('find who blocks a lock, free it with a reason, and find the same in the audit', async () => {
  await acquire('deploy/prod', { metadata: 'pipeline 4118' });
  const page = await suite.open('/');
  await page.getByRole('row', { name: 'deploy/' }).getByText('deploy/').click();
  await page.getByRole('link', { name: 'prod' }).click();
  await expectText(page, /bob has held it for/);
  await expectText(page, 'pipeline 4118');

  await page.getByRole('button', { name: 'Break…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Reason').fill(`pipeline 4118 hangs, it's stuck`);
  const line = await dialog.locator('code').textContent();
  expect(line).toBe(
    `curl -X POST '${suite.url}/locks/deploy%2Fprod/break' -H "Authorization: Bearer $OCTOSTORE_TOKEN" -H 'Content-Type: application/json' -d '{"reason":"pipeline 4118 hangs, it'\\''s stuck"}'`,
  );
  await dialog.getByRole('button', { name: 'Break the lock' }).click();
  await expectText(page, 'Broke 1 lease of deploy/prod');
  await expectText(page, /until alice broke the lease/);
  await expectText(page, 'available');

  await page.getByRole('link', { name: 'Audit' }).click();
  await page.getByRole('searchbox').fill('deploy/prod');
  await expectRow(page, /Lock: break.*static:alice.*lock deploy\/prod/);
  await page
    .getByText(/pipeline 4118 hangs/)
    .first()
    .waitFor();
});

test('a break needs a reason', async () => {
  await acquire('needs/reason');
  const page = await suite.open('/locks/needs/reason');
  await act(page, 'Break…', 'Break the lock');
  expect(await page.locator('input:invalid').count()).toBe(1);
  expect((await suite.alice.call('GET', '/locks/needs%2Freason')).body['status']).toBe('held');
});

test('what the server refuses is said in the dialog', async () => {
  await suite.alice.call('POST', '/locks/of-alice/acquire', { body: { ttl_seconds: 600 } });
  const page = await suite.open('/locks/of-alice', BOB);
  await act(page, 'Break…', 'Break the lock', { Reason: 'I want it' });
  await expectText(page, 'Only administrators may do this');
});

test('an event in one browser is on the screen of another', async () => {
  const [first, second] = await Promise.all([suite.open('/locks/both', BOB), suite.open('/locks?view=list')]);
  await act(first, 'Acquire…', 'Acquire', { Note: 'for the migration' });
  await expectRow(second, /both bob for the migration exclusive/);
  await expectText(first, 'You hold both');

  await second.getByRole('link', { name: 'both' }).click();
  await act(second, 'Ask for release…', 'Ask for its release', { Message: 'the hotfix waits' });
  await expectText(first, /alice asked for it .*: the hotfix waits/);

  await act(first, 'Renew…', 'Renew', { 'Seconds from now': '1200' });
  await expectText(first, 'Renewed both');
  await act(first, 'Release…', 'Release');
  await expectText(second, 'available');
  await expectText(second, /bob held it for .*, and released it/);
});

describe('the line', () => {
  test('says whom each request waits for, and lets you leave', async () => {
    await acquire('line');
    const leaseId = randomUUID();
    const waiting = suite.alice.call('POST', '/locks/line/acquire', {
      body: { ttl_seconds: 60, wait_seconds: 60, lease_id: leaseId },
    });
    const page = await suite.open('/locks?view=lines');
    await expectRow(page, /line 1 .*One request is waiting/);
    await page.getByRole('link', { name: 'line' }).click();
    await expectRow(page, /1 alice .* waits for bob/);
    await act(page, 'Leave…', 'Leave the line');
    await expectText(page, 'No one is waiting.');
    expect((await waiting).status).toBe(409);
  });
});

test('a lock that cools down says until when, and an administrator ends it', async () => {
  await acquire('cooling', { lock_delay_seconds: 60 });
  await suite.alice.call('POST', '/locks/cooling/break', { body: { reason: 'test' } });
  const page = await suite.open('/locks/cooling');
  await expectText(page, /No one gets it for another/);
  await act(page, 'End the delay…', 'Break the lock', { Reason: 'checked by hand' });
  await expectText(page, 'available');
});

test('what a policy hides is not shown', async () => {
  await acquire('visible/one');
  await suite.alice.call('POST', '/locks/hidden%2Fone/acquire', { body: { ttl_seconds: 600 } });
  const text = 'grants:\n  - to: [everyone]\n    may: [acquire]\n    on: ["visible/*"]\n';
  const applied = await suite.alice.call('PUT', '/admin/policy', {
    body: { text },
    headers: { 'If-Match': '*' },
  });
  expect(applied.body).toMatchObject({ version: 1 });
  const page = await suite.open('/locks?view=list', BOB);
  await page.getByRole('link', { name: 'visible/one' }).waitFor();
  expect(await page.getByText('hidden/').count()).toBe(0);
  await page.goto(`${suite.url}/console/locks/hidden/one`);
  await page.getByText('You may not see this').waitFor();
  await suite.alice.call('DELETE', '/admin/policy', { headers: { 'If-Match': '*' } });
});
