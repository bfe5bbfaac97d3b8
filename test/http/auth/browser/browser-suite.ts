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
