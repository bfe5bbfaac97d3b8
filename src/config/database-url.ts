/** What `DATABASE_URL` names: a SQLite file, or a database of a PostgreSQL server. */
export type DatabaseUrl = SqliteUrl | PostgresUrl;

export interface SqliteUrl {
  readonly engine: 'sqlite';
  readonly path: string;
}

export interface PostgresUrl {
  readonly engine: 'postgres';
  /** At least one, in the order in which they are tried. The one that takes writes is used. */
  readonly hosts: readonly [PostgresHost, ...PostgresHost[]];
  readonly database: string;
  readonly user: string;
  /** Null if the URL has none. */
  readonly password: string | null;
  readonly tls: PostgresTls;
}

export interface PostgresHost {
  /** A host name, an address, or the absolute path of a folder with a Unix socket. */
  readonly host: string;
  readonly port: number;
}

/** There is nothing in between: a connection that is encrypted but not verified protects against no one who can redirect it. */
export type PostgresTls =
  | { readonly mode: 'disable' }
  /** @param caFile the certificates to trust. Null means those of the system. */
  | { readonly mode: 'verify-full'; readonly caFile: string | null };

/** Parses `DATABASE_URL`. Null if this program does not support such a database. */
export function parseDatabaseUrl(text: string): DatabaseUrl | null {
  const path = text.replace(/^(?:sqlite|file):(?:\/\/)?/, '');
  if (/^[a-z][a-z0-9+.-]+:/i.test(path) || path === '' || path.includes('?')) return null;
  return { engine: 'sqlite', path };
}
