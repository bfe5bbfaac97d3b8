import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { browserSuite } from './browser-suite.js';
import { expectNoRow, expectRow } from './steps.js';

const LOCKS = 100_000;
const PER_LEASE = 32;
const AT_ONCE = 32;

const suite = browserSuite({ MAX_LOCKS_PER_USER: String(2 * LOCKS) });

/** Such as `team-7/job-00042`. */
function nameOf(index: number): string {
  return `team-${index % 10}/job-${String(Math.floor(index / 10)).padStart(5, '0')}`;
}

beforeAll(async () => {
  const { bob } = suite;
  let next = 0;
  const acquireSome = async (): Promise<void> => {
    while (next < LOCKS) {
      const from = next;
      next += PER_LEASE;
      const count = Math.min(PER_LEASE, LOCKS - from);
      const locks = Array.from({ length: count }, (_, place) => ({ name: nameOf(from + place) }));
      const { status } = await bob.post('/leases', { locks, ttl_seconds: 3600 });
      expect(status).toBe(200);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, acquireSome));
}, 120_000);

/** Rows in the page, which has only those that can be seen. */
const rowCount = (page: Page): Promise<number> => page.getByRole('row').count();

describe(`with ${LOCKS} locks`, () => {
  test('the list reads what is seen, and no more', async () => {
    const page = await suite.open('/locks?view=list');
    let read = 0;
    page.on('response', (response) => {
      if (response.url().includes('/locks?')) read += 1;
    });
    await page.getByRole('link', { name: 'team-0/job-00000' }).waitFor();
    await page.getByText('100,000 held').waitFor();
    expect(await rowCount(page)).toBeLessThan(80);
    const grid = page.getByRole('grid');
    await grid.focus();
    const far = page.getByRole('link', { name: /team-0\/job-00[5-9]/ });
    await expect
      .poll(async () => {
        await page.keyboard.press('PageDown');
        return far.count();
      })
      .toBeGreaterThan(0);
    expect(await rowCount(page)).toBeLessThan(80);
    expect(read).toBeLessThan(10);
  });

  test('events appear among them', async () => {
    const page = await suite.open('/locks?view=list');
    await page.getByRole('link', { name: 'team-0/job-00000' }).waitFor();
    await page.getByText('Live').waitFor();
    await suite.alice.post('/locks/a-first/acquire', { ttl_seconds: 600, metadata: 'just now' });
    await expectRow(page, /a-first alice just now/);
    await suite.alice.post('/locks/a-first/break', { reason: 'done' });
    await expectNoRow(page, /a-first/);
  });

  test('the keyboard alone leads to a lock, and frees it', async () => {
    const page = await suite.open('/locks');
    await expectRow(page, 'team-0/');
    await tabTo(page, 'Held locks');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    await expectRow(page, 'job-00000');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: /job-00001/ }).waitFor();
    await page.getByRole('button', { name: 'Break…' }).waitFor();
    await tabTo(page, 'Break…');
    await page.keyboard.press('Enter');
    await tabTo(page, 'Reason');
    await page.keyboard.type('freed by keyboard');
    await page.keyboard.press('Enter');
    await page.getByText(/Broke 1 lease of team-1\/job-00001/).waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
    await page.getByText('available').first().waitFor();
  });
});

/** What a screen reader calls that which has the focus. The types of the tests know no browser, so this is a text. */
const FOCUSED = `(({ activeElement: element }) =>
  element?.getAttribute('aria-label') ?? element?.labels?.[0]?.textContent ?? element?.textContent ?? '')(document)`;

/** Presses Tab until something has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    const focused = await page.evaluate<string>(FOCUSED);
    if (focused.trim() === name) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never leads to ${name}`);
}
