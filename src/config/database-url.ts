import { parsePostgresUrl } from './postgres/parse-url.js';
import type { PostgresUrl } from './postgres/postgres-url.js';
import { Refusal } from './postgres/refusal.js';

export type { PostgresHost, PostgresTls, PostgresUrl } from './postgres/postgres-url.js';

/** What `DATABASE_URL` names: a SQLite file, or a database of a PostgreSQL server. */
export type DatabaseUrl = SqliteUrl | PostgresUrl;

export interface SqliteUrl {
  readonly engine: 'sqlite';
  readonly path: string;
}

/** The outcome of parsing. `reason` is the rest of a sentence that begins with the setting. It contains no secret. */
export type ParsedDatabaseUrl =
  | { readonly kind: 'parsed'; readonly url: DatabaseUrl }
  | { readonly kind: 'refused'; readonly reason: string };

const NEITHER =
  'must be the path of a SQLite file, such as octostore.db, or a URL such as postgres://octostore@db.example.com/octostore';

const POSTGRES_SCHEME = /^postgres(?:ql)?:\/\//i;
const SQLITE_SCHEME = /^(?:sqlite|file):(?:\/\/)?/;
const ANY_SCHEME = /^[a-z][a-z0-9+.-]+:/i;

/** Parses `DATABASE_URL`. Never throws. */
export function parseDatabaseUrl(text: string): ParsedDatabaseUrl {
  const scheme = POSTGRES_SCHEME.exec(text)?.[0];
  return scheme === undefined ? parseSqlite(text) : parsePostgres(text.slice(scheme.length));
}

function parseSqlite(text: string): ParsedDatabaseUrl {
  const path = text.replace(SQLITE_SCHEME, '');
  if (ANY_SCHEME.test(path) || path === '' || path.includes('?')) return { kind: 'refused', reason: NEITHER };
  return { kind: 'parsed', url: { engine: 'sqlite', path } };
}

function parsePostgres(text: string): ParsedDatabaseUrl {
  try {
    return { kind: 'parsed', url: parsePostgresUrl(text) };
  } catch (error) {
    if (error instanceof Refusal) return { kind: 'refused', reason: error.message };
    throw error;
  }
}
