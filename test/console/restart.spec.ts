import { afterAll, beforeAll, expect, test } from 'vitest';
import { Client } from '../../lab/kit/http/client.js';
import { newDatabase, type NewDatabase } from '../support/new-database.js';
import { ALICE, BOB, startServerOn } from '../support/server.js';
import { makeFolder } from '../support/temp-folder.js';
import { BUILT_CONSOLE, browserSuite, SETTINGS } from './browser-suite.js';
import { expectText } from './steps.js';

const suite = browserSuite();
const folder = makeFolder();
let database: NewDatabase;

beforeAll(async () => {
  database = await newDatabase(folder.path);
});
afterAll(async () => {
  await database.remove();
  folder.remove();
});

function start(settings: Record<string, string> = {}) {
  return startServerOn(database, { ...SETTINGS, ...settings }, undefined, BUILT_CONSOLE);
}

test('a console says that the server is gone, and goes on where it was when it is back', async () => {
  const server = await start();
  const bob = new Client(server.url, BOB);
  await bob.post('/locks/before/acquire', { ttl_seconds: 3600 });
  const list = await suite.openAt(server.url, '/locks?view=list', ALICE);
  const lock = await suite.openAt(server.url, '/locks/before', ALICE);
  await list.getByRole('link', { name: 'before' }).waitFor();
  await expectText(lock, /bob has held it for/);
  await expectText(list, 'Live');

  await server.close();
  await list.getByRole('status').getByText('Disconnected').waitFor();
  await lock.getByRole('status').getByText('Disconnected').waitFor();
  // What was known stays on the screen.
  expect(await list.getByRole('link', { name: 'before' }).count()).toBe(1);

  const again = await start({ BIND_ADDR: new URL(server.url).host });
  await bob.post('/locks/after/acquire', { ttl_seconds: 3600 });
  await list
    .getByRole('button', { name: 'Reconnect now' })
    .click({ timeout: 2000 })
    .catch(() => null);
  await list.getByRole('link', { name: 'after' }).waitFor();
  await expectText(list, 'Live');
  await expectText(lock, 'Live');
  await bob.post('/locks/later/acquire', { ttl_seconds: 3600 });
  await list.getByRole('link', { name: 'later' }).waitFor();
  await suite.closeWindows(null);
  await again.close();
});
