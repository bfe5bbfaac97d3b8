import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Installation } from '../support/process.js';

const PASSWORD = 'hunter2-of-the-database';

/** A database that no one can reach: nothing listens on port 1. */
const DATABASE_URL = `postgres://octo:${PASSWORD}@127.0.0.1:1/locks`;

const SECRET_KEY = 'k'.repeat(32);

function installation(settings: Record<string, string | undefined> = {}): Installation {
  return new Installation({ DATABASE_URL, SECRET_KEY, ...settings });
}

test.each([
  [
    ['backup', 'copy.db'],
    2,
    /OctoStore does not back up PostgreSQL\. Use pg_dump, .* See docs\/postgres\.md\.\n$/,
  ],
  [
    ['restore', 'copy.db'],
    2,
    /cannot read backups of PostgreSQL\. Restore the database with pg_restore first/,
  ],
])('with PostgreSQL, %j exits with %d and says what to do', async (args, exitCode, sentence) => {
  const { code, stdout, stderr } = await installation().run(args);
  expect({ code, stdout }).toEqual({ code: exitCode, stdout: '' });
  expect(stderr).toMatch(sentence);
  expect(stderr).not.toContain(PASSWORD);
});

test('with SQLite, a restore needs a file', async () => {
  const { code, stdout, stderr } = await new Installation().run(['restore']);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^octostore: The database is a SQLite file, .* octostore restore FILE\.\n$/);
});

test.each([
  [{ SECRET_KEY: undefined }, /SECRET_KEY: must be set, with at least 32 characters/],
  [{ BACKUP_DIR: '/tmp' }, /BACKUP_DIR: is for SQLite only\..* pg_dump/],
  [{ DATABASE_URL: `${DATABASE_URL}?sslmode=prefer` }, /DATABASE_URL: has sslmode=prefer/],
  [{ DATABASE_URL: `${DATABASE_URL}?application_name=x` }, /the parameter application_name, which/],
])('a server with %j exits with 78', async (settings, sentence) => {
  const { code, stdout, stderr } = await installation(settings).run([]);
  expect({ code, stdout }).toEqual({ code: 78, stdout: '' });
  expect(stderr).toMatch(sentence);
  expect(stderr).not.toContain(PASSWORD);
});

test('a server waits for its database and says so once, without the password, and a signal ends it at once', async () => {
  const place = installation({ LOG_LEVEL: 'trace' });
  const program = place.launch();
  const [line] = await program.printed(/\{.*The database cannot be used yet.*\}\n/);
  expect(JSON.parse(line)).toMatchObject({ level: 'warn', database: 'postgres://octo@127.0.0.1:1/locks' });
  expect(await program.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  expect(program.stdout.match(/The database cannot be used yet/g)).toHaveLength(1);
  expect(program.output).not.toContain(PASSWORD);
  expect(readdirSync(place.folder)).toEqual([]);
});
