/** What `DATABASE_URL` names: the engine of the database, and its path. */
export interface DatabaseUrl {
  readonly engine: 'sqlite';
  readonly path: string;
}

/** Parses `DATABASE_URL`. Null if this program does not support such a database. */
export function parseDatabaseUrl(text: string): DatabaseUrl | null {
  const path = text.replace(/^(?:sqlite|file):(?:\/\/)?/, '');
  if (/^[a-z][a-z0-9+.-]+:/i.test(path) || path === '' || path.includes('?')) return null;
  return { engine: 'sqlite', path };
}
