import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { createApp } from '../../src/app.js';
import { SystemClock } from '../../src/clock/system-clock.js';
import { loadConfig } from '../../src/config/config.js';
import { locateDatabase } from '../../src/installation/database-location.js';
import { openJournal } from '../../src/journal/open-journal.js';
import { startLogging } from '../../src/logging/start-logging.js';
import { leadTerm } from '../../src/term.js';
import { ALICE, BOB } from '../support/server.js';
import { testFolder } from '../support/temp-folder.js';

async function prepare(tokens: string, database: string) {
  const config = loadConfig({ DATABASE_URL: database, STATIC_TOKENS: tokens, LOG_LEVEL: 'silent' });
  startLogging(config);
  const location = await locateDatabase(config.DATABASE_URL);
  const clock = new SystemClock();
  const journal = await openJournal(location, clock);
  return { config, location, clock, journal };
}

async function createWebhook(port: number): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}/webhooks`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ALICE}`, connection: 'close' },
    body: JSON.stringify({ url: 'https://example.com/hook', events: ['acquired'] }),
  });
  expect(answer.status).toBe(201);
  return ((await answer.json()) as { id: string }).id;
}

test('a start writes only once the term begins; building and initialising the application write nothing', async () => {
  const database = join(testFolder(), 'octostore.db');
  const before = await prepare(`alice:${ALICE}`, database);
  const term = await leadTerm(before.journal, before);
  const app = await createApp(before.config, term, before);
  await app.listen(0, '127.0.0.1');
  const webhookId = await createWebhook((app.getHttpServer().address() as AddressInfo).port);
  await app.close();
  await before.journal.close();

  // Alice has no token left, so her webhook is suspended.
  const after = await prepare(`bob:${BOB}`, database);
  const next = await leadTerm(after.journal, after);
  expect(next.webhooks.get(webhookId)?.row.suspendedBy).toBe('no_valid_token');
  expect((await after.journal.row('webhooks', webhookId))?.suspendedBy).toBe('no_valid_token');
  const commit = vi.spyOn(after.journal, 'commit');
  const nextApp = await createApp(after.config, next, after);
  await nextApp.init();
  expect(commit).not.toHaveBeenCalled();
  await nextApp.close();
  await after.journal.close();
});
