import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Client } from '../../lab/kit/http/client.js';
import { NUMBERS_SKIPPED_MIN } from '../../src/journal/skipped-numbers.js';
import { EXIT } from '../../src/cli/shared/exit-codes.js';
import { Installation } from '../support/process.js';
import { changeDatabase, queryDatabase, readNumbers } from './database.js';
import {
  ADA,
  CAROL,
  DAVE,
  makeUpstreamDatabase,
  WEBHOOK,
  type UpstreamVersion,
} from './upstream-database.js';

const IMPORT = ['import', '--from-upstream', 'upstream.db'];

async function withUpstream(version: UpstreamVersion): Promise<Installation> {
  const installation = new Installation({ STATIC_TOKENS: `carol:${CAROL.token}` });
  await makeUpstreamDatabase(installation.path('upstream.db'), version);
  return installation;
}

test('users keep their ids and tokens, webhooks their secrets, and fencing tokens continue above', async () => {
  const installation = await withUpstream('later');
  const before = readFileSync(installation.path('upstream.db'));
  const { code, stdout, stderr } = await installation.run(IMPORT);
  expect({ code, stderr }).toEqual({ code: EXIT.ok, stderr: '' });
  expect(readFileSync(installation.path('upstream.db')).equals(before)).toBe(true);
  const floor = 42 + NUMBERS_SKIPPED_MIN;
  expect(stdout).toBe(
    [
      `Imported from upstream.db into ${installation.databasePath}: 3 users, 1 token, 1 webhook.`,
      `Fencing tokens continue above ${floor}.`,
      'Left out:',
      '  The token of carol: it comes from STATIC_TOKENS. Keep that setting.',
      '  The token of dave: it begins as tokens of this server do, without their checksum. Create another one with "octostore token create".',
      `  The webhook ${WEBHOOK.slice(0, -1)}2 of ada: This host is not on the public internet. Use one that is, or ask the operator to allow it.`,
      `  The webhook ${WEBHOOK.slice(0, -1)}3 of ada: its event types are not known here.`,
      '  1 lock: a lock ends with its server. Acquire it again.',
      '  1 session: a session ends with its server.',
      '  The namespaces of 1 user: use a policy instead. See docs/access.md.',
      '  1 row of the table "flags": not known here.',
      'Start this server, and never the upstream one again: both would grant the same locks.',
      '',
    ].join('\n'),
  );
  const { url } = await installation.start();
  const ada = new Client(url, ADA.token);
  expect((await ada.get('/me')).body).toMatchObject({ user_id: ADA.id, user: 'github:ada' });
  const carol = new Client(url, CAROL.token);
  expect((await carol.get('/me')).body).toMatchObject({ user_id: CAROL.id, user: 'static:carol' });
  expect((await new Client(url, DAVE.token).get('/me')).status).toBe(401);
  const { status, body } = await ada.post('/locks/deploy/acquire', { ttl_seconds: 60 });
  expect(status).toBe(200);
  expect(body['fencing_token']).toBe(floor + 1);
  expect((await ada.get('/webhooks')).body).toMatchObject([
    {
      id: WEBHOOK,
      url: 'https://hooks.example.com/octostore',
      secret: '****',
      events: ['acquired', 'released'],
      lock_pattern: 'service/*',
      active: true,
    },
  ]);
});

test('the file of the first version is imported too', async () => {
  const installation = await withUpstream('first');
  const { code, stdout } = await installation.run(IMPORT);
  expect(code).toBe(EXIT.ok);
  expect(stdout).toContain('3 users, 1 token, 0 webhooks.');
  const { url } = await installation.start();
  const { body } = await new Client(url, ADA.token).get('/me');
  expect(body).toMatchObject({ user_id: ADA.id });
});

test('secrets are encrypted, tokens are stored as hashes, and the audit says what was done', async () => {
  const installation = await withUpstream('later');
  await installation.run(IMPORT);
  const bytes = readFileSync(installation.databasePath).toString('latin1');
  expect(bytes).not.toContain('the-secret-of-ada');
  expect(bytes).not.toContain(ADA.token);
  const records = await queryDatabase<{ record: string }>(
    installation.databasePath,
    'select record from audit_records',
  );
  expect(records.map(({ record }) => JSON.parse(record) as unknown)).toMatchObject([
    { action: 'database.import', details: { users: 3, tokens: 1, webhooks: 1 } },
  ]);
  expect((await installation.run(['audit', 'verify'])).code).toBe(EXIT.ok);
});

test('a dry run says the same and changes nothing', async () => {
  const installation = await withUpstream('later');
  const { code, stdout } = await installation.run([...IMPORT, '--dry-run']);
  expect(code).toBe(EXIT.ok);
  expect(stdout).toContain('would be imported');
  expect(stdout).toContain('The token of dave');
  expect(existsSync(installation.databasePath)).toBe(false);
});

test('a second import is refused, and so is one beside a running server', async () => {
  const installation = await withUpstream('first');
  expect((await installation.run(IMPORT)).code).toBe(EXIT.ok);
  const { token } = await readNumbers(installation.databasePath);
  const again = await installation.run(IMPORT);
  expect(again.code).toBe(EXIT.databaseUnusable);
  expect(again.stderr).toMatch(/^octostore: The database to copy to is not empty\./);
  const server = await installation.start();
  expect((await installation.run(IMPORT)).code).toBe(EXIT.databaseUnusable);
  await server.kill('SIGTERM');
  expect((await readNumbers(installation.databasePath)).token).toBe(token);
});

test.each([
  [
    'another program',
    'create table things (id integer)',
    /is not the database of an upstream OctoStore server/,
  ],
  [
    'a broken row',
    `create table users (id text, github_id integer, github_username text, token text, created_at text);
     create table fencing_counter (id integer, counter integer);
     insert into users values ('no-uuid', 1, 'ada', 'secret-token', 'x')`,
    /The table "users" .* row 1, id: .* import that\.$/m,
  ],
])('the database of %s is refused, and nothing of it is shown', async (_, sql, sentence) => {
  const installation = new Installation();
  await changeDatabase(installation.path('upstream.db'), sql);
  const { code, stdout, stderr } = await installation.run(IMPORT);
  expect({ code, stdout }).toEqual({ code: EXIT.databaseUnusable, stdout: '' });
  expect(stderr).toMatch(sentence);
  expect(stderr).not.toContain('secret-token');
  expect(existsSync(installation.databasePath)).toBe(false);
});

test('a file that is missing, or no database, is refused', async () => {
  const installation = new Installation();
  const missing = await installation.run(IMPORT);
  expect(missing).toMatchObject({ code: EXIT.databaseUnusable });
  expect(missing.stderr).toContain('There is no file at upstream.db');
});
