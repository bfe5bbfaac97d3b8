import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { expect, test } from 'vitest';
import { Installation } from '../../support/process.js';
import { OPENAPI_FILE } from '../../../lab/kit/http/schema.js';

// One start of the program, which takes longer than all the checks.
test('the built program serves its API document, and docs that need no other host and store no token', async () => {
  const { url } = await new Installation().start();
  await expectDocument(url);
  await expectOwnSources(url);
  await expectNoStoredToken(url);
}, 120_000);

async function expectDocument(url: string): Promise<void> {
  const document = readFileSync(OPENAPI_FILE, 'utf8');

  const yaml = await fetch(`${url}/openapi.yaml`);
  expect(yaml.headers.get('content-type')).toBe('application/yaml; charset=utf-8');
  expect(await yaml.text()).toBe(document);
  const json = await fetch(`${url}/openapi.json`);
  expect(json.headers.get('content-type')).toContain('application/json');
  expect(await json.json()).toEqual(load(document));
}

async function expectOwnSources(url: string): Promise<void> {
  const page = await fetch(`${url}/docs`);
  expect(page.status).toBe(200);
  expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
  const html = await page.text();
  const sources = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, source]) => source ?? '');
  expect(sources.length).toBeGreaterThan(3);
  for (const source of sources) {
    const address = new URL(source, `${url}/docs`);
    expect(address.origin).toBe(url);
    expect((await fetch(address)).status, source).toBe(200);
  }
}

/** The docs keep a token only as long as their tab is open. */
async function expectNoStoredToken(url: string): Promise<void> {
  const settings = await (await fetch(`${url}/docs/swagger-ui-init.js`)).text();
  expect(settings).toContain('"openapi":');
  expect(settings).not.toContain('persistAuthorization');
}
