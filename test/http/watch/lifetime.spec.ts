import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Watches } from '../../../src/events/watches.js';
import { SqliteLocation } from '../../../src/installation/sqlite-location.js';
import { backUpDatabase } from '../../../src/journal/sqlite/backup.js';
import { restoreDatabase } from '../../../src/journal/sqlite/restore.js';
import { CheckedClient } from '../../support/schema-client.js';
import { ALICE, BOB, startServer } from '../../support/server.js';
import { SseStream } from '../../support/sse.js';
import { testFolder } from '../../support/temp-folder.js';
import { acquire, expectError, newName, useServer } from '../suite.js';

describe('a stream', () => {
  const suite = useServer();

  test('carries a regular comment, which shows both sides that it is alive', async () => {
    const stream = await SseStream.open(`${suite.server.url}/watch`, { token: ALICE });
    await stream.next();
    suite.server.app.get(Watches).beat();
    await expect.poll(() => stream.comments).toContain('keep-alive');
    expect(stream.waiting).toBe(0);
    // Some clients treat a blank line after a comment as an empty message.
    await acquire(suite.alice);
    expect((await stream.next()).event).toBe('acquired');
    expect(stream.blanks).toBe(0);
  });

  test.each([
    ['rotated', (token: string) => suite.bob.as(token).post('/auth/token/rotate')],
    ['revoked', (_: string, id: string) => suite.operator.delete(`/admin/tokens/${id}`)],
    ['revoked together with all others', () => suite.operator.delete('/admin/tokens?user=local:watcher')],
  ])('ends at once when the token that opened it was %s, and others continue', async (_how, end) => {
    const { body } = await suite.operator.post('/admin/tokens', { user: 'local:watcher' });
    const [token, id] = [String(body['token']), String(body['id'])];
    const own = await SseStream.open(`${suite.server.url}/watch`, { token });
    const other = await SseStream.open(`${suite.server.url}/watch`, { token: ALICE });
    await other.next();
    await end(token, id);
    await own.ended;
    expect(own.isWhole).toBe(true);
    const { name } = await acquire(suite.alice);
    expect((await other.next()).data).toMatchObject({ event: 'acquired', lock: name });
  });

  test('is removed when its client disconnects', async () => {
    const watches = suite.server.app.get(Watches);
    await expect.poll(() => watches.count).toBe(0);
    const stream = await SseStream.open(`${suite.server.url}/watch`, { token: ALICE });
    expect(watches.count).toBe(1);
    stream.close();
    await expect.poll(() => watches.count).toBe(0);
    await acquire(suite.alice);
  });
});

describe('503 too_many_watchers', () => {
  const suite = useServer({ MAX_WATCHERS: '2' });

  test('beyond the limit, until one has closed', async () => {
    const url = `${suite.server.url}/watch`;
    const first = await SseStream.open(url, { token: ALICE });
    await SseStream.open(`${suite.server.url}/locks/${newName()}/watch`, { token: BOB });
    expectError(await suite.alice.get('/watch'), 'too_many_watchers');
    expectError(await suite.alice.get(`/locks/${newName()}/watch`), 'too_many_watchers');
    first.close();
    await expect.poll(() => suite.server.app.get(Watches).count).toBe(1);
    expect((await SseStream.open(url, { token: ALICE })).status).toBe(200);
  });
});

describe('503 too_many_watchers for one user', () => {
  const suite = useServer({ MAX_WATCHERS_PER_USER: '2', MAX_WATCHERS: '3' });

  test('beyond its own limit, which its refusal names, while others may still watch', async () => {
    const url = `${suite.server.url}/watch`;
    const first = await SseStream.open(url, { token: ALICE });
    await SseStream.open(url, { token: ALICE });
    const refused = await suite.alice.get('/watch');
    expectError(refused, 'too_many_watchers');
    expect(refused.body['details']).toBe('You have 2 event streams open, which is the limit per user.');
    expect((await SseStream.open(url, { token: BOB })).status).toBe(200);
    const full = await suite.bob.get('/watch');
    expectError(full, 'too_many_watchers');
    expect(full.body['details']).toContain('All users together have 3');
    first.close();
    await expect.poll(() => suite.server.app.get(Watches).count).toBe(2);
    expect((await SseStream.open(url, { token: ALICE })).status).toBe(200);
  });
});

test('streams end when the server stops, and the stop does not wait for them', async () => {
  const server = await startServer();
  const stream = await SseStream.open(`${server.url}/watch`, { token: ALICE });
  await stream.next();
  await server.app.close();
  await stream.ended;
  expect(stream.isWhole).toBe(true);
  await server.close();
});

test('after a restart a stream resumes where it was', async () => {
  const DATABASE_URL = join(testFolder(), 'octostore.db');
  const before = await startServer({ DATABASE_URL });
  const stream = await SseStream.open(`${before.url}/watch`, { token: ALICE });
  const { id } = await stream.next();
  const { name } = await acquire(new CheckedClient(before.url, ALICE));
  await before.close();

  const after = await startServer({ DATABASE_URL });
  const resumed = await SseStream.open(`${after.url}/watch`, { token: ALICE, lastEventId: id });
  expect((await resumed.next()).data).toMatchObject({ event: 'acquired', lock: name });
  await after.close();
});

test('after a restore a stream starts with a fresh state: its events may never have happened', async () => {
  const folder = testFolder();
  const DATABASE_URL = join(folder, 'octostore.db');
  const before = await startServer({ DATABASE_URL });
  const alice = new CheckedClient(before.url, ALICE);
  await acquire(alice);
  const backup = join(folder, 'backup.db');
  const location = await SqliteLocation.find(DATABASE_URL);
  await backUpDatabase(location, backup);
  const stream = await SseStream.open(`${before.url}/watch`, { token: ALICE });
  const { id } = await stream.next();
  await acquire(alice);
  const lost = await stream.next();
  await before.close();
  await restoreDatabase(backup, location, Date.now());

  const after = await startServer({ DATABASE_URL });
  for (const lastEventId of [id, lost.id]) {
    const resumed = await SseStream.open(`${after.url}/watch`, { token: ALICE, lastEventId });
    const [reset, state] = await resumed.take(2);
    expect([reset?.event, state?.event]).toEqual(['reset', 'state']);
    expect(state?.data).toEqual({ locks: [], complete: true });
    expect(state?.id).toBeGreaterThan(Number(lost.id));
  }
  await after.close();
});
