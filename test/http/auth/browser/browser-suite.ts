import { expect } from 'vitest';
import { PageBrowser } from '../../../../lab/kit/doubles/page-browser.js';
import type { Client } from '../../../../lab/kit/http/client.js';
import type { TestServer } from '../../../support/server.js';

/** A browser with a session that was opened with a token. */
export async function signedIn(
  fixture: { readonly server: Pick<TestServer, 'url'> },
  token: string,
  origin?: string,
): Promise<PageBrowser> {
  const browser = new PageBrowser(fixture, origin);
  expect((await browser.paste(token)).status).toBe(201);
  return browser;
}

/** Creates another token for a client's user. */
export async function newToken(
  client: Client,
  body: Record<string, unknown> = {},
): Promise<{ readonly id: string; readonly token: string }> {
  const made = await client.post('/tokens', { label: 'for a browser', ...body });
  expect(made.status).toBe(201);
  return made.body as unknown as { id: string; token: string };
}

/** Begins a sign-in, and agrees at the provider. Returns the address on this server that the browser is sent back to. */
export async function agree(browser: PageBrowser, start: string): Promise<string> {
  const begun = await browser.get(start);
  expect(begun.status).toBe(302);
  const agreed = await fetch(String(begun.headers.location), { redirect: 'manual' });
  const { origin, pathname, search } = new URL(agreed.headers.get('location') ?? '');
  expect(origin).toBe(browser.origin);
  return pathname + search;
}
