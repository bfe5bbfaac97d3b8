import type { z } from 'zod';
import type { PostgresUrl } from './database-url.js';
import type { ENVIRONMENT } from './environment.js';
import { KEY_COMMAND, SHARED_SECRET_LENGTH_MIN } from './key-rules.js';

type Settings = z.output<typeof ENVIRONMENT>;
type Name = keyof Settings;

const BACKUPS = ['BACKUP_DIR', 'BACKUP_EVERY_HOURS', 'BACKUP_KEEP'] as const satisfies Name[];

const PG_DUMP =
  'is for SQLite only. Remove it, and back up the PostgreSQL database with pg_dump. See docs/postgres.md';

const FOR_POSTGRES = 'is for PostgreSQL only. Remove it, because DATABASE_URL is a SQLite file';

/**
 * What is wrong with settings because of the kind of database, each with the name of the setting. No values, because they may be
 * secrets.
 *
 * @param names the settings that are set, as opposed to those that have their default.
 */
export function databaseViolations(settings: Settings, names: ReadonlySet<string>): string[] {
  const { DATABASE_URL: url } = settings;
  return url.engine === 'sqlite' ? withSqlite(settings) : withPostgres(url, settings, names);
}

function withSqlite({ DATABASE_PASSWORD_FILE, CONFIRMED_READS }: Settings): string[] {
  return [
    ...(DATABASE_PASSWORD_FILE === undefined ? [] : [`DATABASE_PASSWORD_FILE: ${FOR_POSTGRES}`]),
    // On a file, no other process can lead, so there is nothing to confirm.
    ...(CONFIRMED_READS ? [`CONFIRMED_READS: ${FOR_POSTGRES}`] : []),
  ];
}

function withPostgres(url: PostgresUrl, settings: Settings, names: ReadonlySet<string>): string[] {
  return [
    ...passwordViolations(url, settings),
    ...secretViolations(settings),
    ...BACKUPS.filter((name) => names.has(name)).map((name) => `${name}: ${PG_DUMP}`),
  ];
}

function passwordViolations({ password }: PostgresUrl, { DATABASE_PASSWORD_FILE }: Settings): string[] {
  if (password === null || DATABASE_PASSWORD_FILE === undefined) return [];
  return ['DATABASE_PASSWORD_FILE: must not be set, because DATABASE_URL has a password. Remove one of them'];
}

/** There is no file beside such a database for a key that the server makes. */
function secretViolations({ SECRET_KEY }: Settings): string[] {
  if ((SECRET_KEY?.length ?? 0) >= SHARED_SECRET_LENGTH_MIN) return [];
  return [
    `SECRET_KEY: must be set, with at least ${SHARED_SECRET_LENGTH_MIN} characters, because DATABASE_URL is a PostgreSQL database. ` +
      `Make one with ${KEY_COMMAND}, and keep it: every server on this database needs the same one`,
  ];
}
