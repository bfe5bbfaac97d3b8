import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { PageBrowser } from '../../../lab/kit/doubles/page-browser.js';
import { newDatabase } from '../../support/new-database.js';
import { ALICE, startServerOn } from '../../support/server.js';
import { makeFolder } from '../../support/temp-folder.js';
import { SECRET_KEY, startStandby } from '../standby-rig.js';

test('a browser session works through a standby, and at the next leader, until it is ended', async () => {
  const folder = makeFolder();
  const database = await newDatabase(folder.path);
  onTestFinished(async () => {
    await database.remove();
    folder.remove();
  });
  const { standby, url } = await startStandby();
  const browser = new PageBrowser({ server: { url } });

  const first = await startServerOn(database, { SECRET_KEY });
  standby.forwardTo({ url: first.url, reign: 'first' });
  expect((await browser.paste(ALICE)).body).toMatchObject({ login: 'alice', address: '127.0.0.1' });
  expect([...browser.jar.cookies.keys()]).toEqual(['__Host-octostore']);
  expect((await browser.post('/sessions', {})).status).toBe(201);
  expect((await browser.post('/sessions', {}, { headers: { 'octostore-csrf': null } })).status).toBe(403);
  standby.forwardTo(null);
  await first.close();

  const next = await startServerOn(database, { SECRET_KEY });
  onTestFinished(() => next.close());
  standby.forwardTo({ url: next.url, reign: 'next' });
  expect((await browser.get('/auth/session')).body).toMatchObject({ login: 'alice' });
  expect((await browser.post('/sessions', {})).status).toBe(201);
  const stream = await browser.open('GET', '/watch');
  expect((await browser.delete('/auth/session')).status).toBe(204);
  expect(await text(stream)).toContain('event: state');
  expect([...browser.jar.cookies.keys()]).toEqual([]);
});
