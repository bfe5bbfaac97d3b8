import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SqliteLocation } from '../../src/installation/sqlite-location.js';
import { UnusableFileError } from '../../src/installation/unusable-file-error.js';
import { backUpDatabase } from '../../src/journal/sqlite/backup.js';
import { checkDatabase } from '../../src/journal/sqlite/database-file.js';
import { restoreDatabase } from '../../src/journal/sqlite/restore.js';
import { MIGRATIONS } from '../../src/journal/sqlite/schema-version.js';
import { makeDatabase } from '../commands/new-database.js';
import { changeDatabase } from '../commands/database.js';
import { testFolder } from '../support/temp-folder.js';

const NOW_MS = 1_800_000_000_000;

/** What an attacker could put into a file, with its name in the refusal. */
const FOREIGN: readonly (readonly [string, string, string])[] = [
  [
    'trigger',
    'evil',
    'create trigger evil after update on server begin update server set last_fencing_token = 1; end',
  ],
  ['trigger', 'evil', 'create trigger evil after insert on tokens begin delete from tokens; end'],
  ['view', 'evil', 'create view evil as select 1'],
  ['table', 'evil', 'create table evil (x)'],
  ['table', 'evil', 'create virtual table evil using fts5(x)'],
  ['index', 'evil', 'create index evil on leases (abs(deadline))'],
  ['table', 'leases', 'alter table leases add column evil as (abs(deadline))'],
  ['table', 'sessions', "alter table sessions add column evil text default 'x' check (length(evil) > 0)"],
  [
    'table',
    'tokens',
    'pragma writable_schema = on; ' +
      `update sqlite_master set sql = replace(sql, 'not null', 'not null check (abs(1))') where name = 'tokens'`,
  ],
  // Tables that are views would run their own statements.
  ['view', 'cursors', 'drop table cursors; create view cursors as select 1 as reader, 2 as sequence'],
];

async function databaseIn(folder: string, name = 'octostore.db'): Promise<SqliteLocation> {
  const path = join(folder, name);
  await makeDatabase(path);
  return SqliteLocation.find(path);
}

describe.each(FOREIGN)('a %s "%s" by: %s', (type, name, sql) => {
  // A virtual table has other tables that belong to it.
  const message = new RegExp(`has a ${type} "${name}\\w*" that OctoStore did not make`);

  test('prevents the restore of a backup, and is not run', async () => {
    const folder = testFolder();
    const { path: backup } = await databaseIn(folder, 'backup.db');
    await changeDatabase(backup, sql);
    const location = await SqliteLocation.find(join(folder, 'octostore.db'));
    const refusal = await restoreDatabase(backup, location, NOW_MS).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(UnusableFileError);
    expect(String(refusal)).toMatch(message);
  });

  test('prevents the start of a server and the verification of a copy', async () => {
    const folder = testFolder();
    const location = await databaseIn(folder);
    await changeDatabase(location.path, sql);
    await expect(checkDatabase(location)).rejects.toThrow(message);
    await expect(backUpDatabase(location, join(folder, 'backup.db'))).rejects.toThrow(message);
  });
});

/** The schema of the first release. It must be accepted forever. */
const FIRST_RELEASE = `
  CREATE TABLE "migrations" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "timestamp" bigint NOT NULL, "name" varchar NOT NULL);
  INSERT INTO migrations VALUES (1, 1763596800000, 'InitialSchema1763596800000');
  CREATE TABLE "server" ("id" integer primary key not null, "epoch" integer not null, "last_fencing_token" integer not null,
    "last_sequence" integer not null, "pruned_through" integer not null, "restored_at" integer not null,
    "last_instant" integer not null, "boot_id" text, "monotonic_offset" integer not null, "wall_skew" integer not null );
  INSERT INTO server VALUES (1, 0, 0, 0, 0, 0, 0, null, 0, 0);
  CREATE TABLE "leases" ( "fencing_token" integer primary key not null, "lock_name" text not null, "lease_id" text not null,
    "user_id" text not null, "session_id" text, "ttl_seconds" integer not null, "deadline" integer not null, "metadata" text );
  CREATE TABLE "sessions" ( "session_id" text primary key not null, "user_id" text not null, "ttl_seconds" integer not null,
    "state" text not null, "deadline" integer not null );
  CREATE TABLE "events" ( "sequence" integer primary key not null, "type" text not null, "lock_name" text not null,
    "user_id" text not null, "session_id" text, "fencing_token" integer not null, "expires_at" integer, "metadata" text,
    "occurred_at" integer not null );
  CREATE TABLE "users" ( "user_id" text primary key not null, "provider" text not null, "subject" text not null,
    "login" text not null, "avatar_url" text, "created_at" integer not null );
  CREATE TABLE "tokens" ( "token_hash" text primary key not null, "user_id" text not null, "revoked_at" integer,
    "created_at" integer not null );
  CREATE TABLE "webhooks" ( "webhook_id" text primary key not null, "user_id" text not null, "url" text not null,
    "sealed_secret" text, "events" text not null, "lock_pattern" text, "starts_after" integer not null, "disabled_reason" text,
    "failing_since" integer, "created_at" integer not null, "deleted_at" integer );
  CREATE TABLE "deliveries" ( "delivery_id" text primary key not null, "webhook_id" text not null, "sequence" integer not null,
    "payload" text not null, "state" text not null, "lane" text not null, "dead_reason" text, "attempts" text not null,
    "failures" integer not null, "next_attempt_at" integer, "created_at" integer not null );
  CREATE INDEX "deliveries_of_webhook" on "deliveries" ("webhook_id", "sequence");
  CREATE TABLE "cursors" ( "reader" text primary key not null, "sequence" integer not null );`;

describe('accepted are', () => {
  test('a database that the current migrations have made', async () => {
    const location = await databaseIn(testFolder());
    await expect(checkDatabase(location)).resolves.toBeUndefined();
  });

  test('a database of the first release, without later migrations', async () => {
    const folder = testFolder();
    const backup = join(folder, 'backup.db');
    await changeDatabase(backup, FIRST_RELEASE);
    const location = await SqliteLocation.find(join(folder, 'octostore.db'));
    await expect(restoreDatabase(backup, location, NOW_MS)).resolves.toMatchObject({ previous: null });
    await expect(checkDatabase(location)).resolves.toBeUndefined();
    expect(MIGRATIONS[0]?.name).toBe('InitialSchema1763596800000');
  });

  test('a database that an operator has analyzed', async () => {
    const location = await databaseIn(testFolder());
    await changeDatabase(location.path, 'insert into cursors values (1, 2); analyze');
    await expect(checkDatabase(location)).resolves.toBeUndefined();
  });
});

test('a database without one of its tables is refused', async () => {
  const location = await databaseIn(testFolder());
  await changeDatabase(location.path, 'drop table cursors');
  await expect(checkDatabase(location)).rejects.toThrow('is damaged: it has no table "cursors"');
});

test('a list of migrations that is not a plain table is not read', async () => {
  const location = await databaseIn(testFolder());
  await changeDatabase(
    location.path,
    "drop table migrations; create view migrations as select 'InitialSchema1763596800000' as name",
  );
  await expect(checkDatabase(location)).rejects.toThrow('is the database of another program');
});
