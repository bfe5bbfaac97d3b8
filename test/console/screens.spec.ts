import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { browserSuite } from './browser-suite.js';

const suite = browserSuite({ WEBHOOK_ALLOW_PRIVATE_NETWORKS: '127.0.0.1' });

const LONG = `${'very-long-component-of-a-name/'.repeat(4)}${'x'.repeat(60)}`;

/** Each screen, and what shows that it has been loaded. */
const SCREENS: readonly (readonly [path: string, loaded: string | RegExp])[] = [
  ['/locks', 'folder/'],
  ['/locks?view=list', 'folder/exclusive'],
  ['/locks?view=list&owner=me', 'of-alice'],
  ['/locks?prefix=no-such-lock', /No lock is held whose name begins with/],
  ['/locks?view=lines', /One request is waiting/],
  ['/locks/folder/exclusive', /has held it for/],
  ['/locks/pool', '2 holders'],
  [`/locks/${LONG}`, /has held it for/],
  ['/locks/no/such/lock', /has nothing about this lock/],
  ['/sessions', /^[0-9a-f]{8}-/],
  ['/webhooks', 'All users'],
  ['/tokens', 'Your browser sessions'],
  ['/users', 'static:bob'],
  ['/policy', /Version 1, applied by/],
  ['/audit', 'Policy: apply'],
  ['/replicas', 'leader'],
  ['/health', 'Event sequence'],
  ['/no-such-screen', 'The console has no such page.'],
];

beforeAll(async () => {
  const { alice, bob } = suite;
  const acquire = (user: typeof alice, name: string, fields = {}) =>
    user.post(`/locks/${encodeURIComponent(name)}/acquire`, { ttl_seconds: 3600, ...fields });
  await acquire(bob, 'folder/exclusive', { metadata: 'a note' });
  await acquire(bob, LONG, { metadata: 'note'.repeat(200) });
  await acquire(alice, 'of-alice');
  await acquire(alice, 'pool', { limit: 3 });
  await acquire(bob, 'pool', { limit: 3, lease_id: '550e8400-e29b-41d4-a716-446655440000' });
  await bob.post('/locks/folder%2Fexclusive/request-release', { message: 'please' });
  await alice.post('/locks/folder%2Fbroken/break', { reason: 'there is nothing to break' });
  void acquire(alice, 'folder/exclusive', { wait_seconds: 60 }).catch(() => null);
  await alice.post('/sessions', { ttl_seconds: 300 });
  await alice.post('/webhooks', {
    url: 'https://127.0.0.1:9/a/path',
    events: ['acquired'],
    lock_pattern: 'folder/*',
  });
  const text = 'grants:\n  - to: [everyone]\n    may: [acquire]\n    on: ["*"]\n';
  await alice.call('PUT', '/admin/policy', { body: { text }, headers: { 'If-Match': '*' } });
});

async function expectNoViolations(page: Page): Promise<void> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<AxeResults>('axe.run()');
  expect(violations.map(({ id, nodes }) => ({ id, where: nodes.map(({ html }) => html) }))).toEqual([]);
}

async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const excess = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
  expect(excess, `at ${page.viewportSize()?.width ?? 0} pixels`).toBeLessThanOrEqual(0);
}

describe('every screen', () => {
  test('is accessible in light and dark, and fits any width', async () => {
    const page = await suite.open('/locks');
    for (const [path, loaded] of SCREENS) {
      await page.setViewportSize({ width: 1440, height: 900 });
      await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
      await page.goto(`${suite.url}/console${path}`);
      await page.getByText(loaded).first().waitFor();
      await expectNoSidewaysScroll(page);
      await expectNoViolations(page);
      await page.setViewportSize({ width: 768, height: 900 });
      await expectNoSidewaysScroll(page);
      await page.setViewportSize({ width: 360, height: 740 });
      await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
      await expectNoSidewaysScroll(page);
      await expectNoViolations(page);
    }
  }, 120_000);

  test.each(['light', 'dark'] as const)('so are the sign-in and the dialogs, in %s', async (scheme) => {
    const page = await suite.open('/locks/folder/exclusive', null, { scheme, width: 360 });
    await page.getByLabel('Token', { exact: true }).waitFor();
    await expectNoViolations(page);
    await expectNoSidewaysScroll(page);
    const other = await suite.open('/tokens', undefined, { scheme, width: 360 });
    await other.getByRole('button', { name: 'Create a token…' }).click();
    await other.getByRole('dialog').waitFor();
    await expectNoViolations(other);
    await expectNoSidewaysScroll(other);
  });
});

test('a link to a lock works before and after the sign-in', async () => {
  const page = await suite.open('/locks/folder/exclusive', null);
  await page.getByLabel('Token', { exact: true }).fill('no-such-token');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').getByText('The token or key is missing or not valid').waitFor();
  await page.getByLabel('Token', { exact: true }).fill(suite.alice.token ?? '');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('a note').first().waitFor();
  expect(page.url()).toBe(`${suite.url}/console/locks/folder/exclusive`);
  await page.reload();
  await page.getByText('a note').first().waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('Token', { exact: true }).waitFor();
});

test('screens of administrators are not offered to others, and refuse them', async () => {
  const page = await suite.open('/audit', suite.bob.token);
  await page.getByText('You may not see this').waitFor();
  expect(await page.getByRole('link', { name: 'Audit' }).count()).toBe(0);
});
