/** What `DATABASE_URL` names: the engine that keeps the database, and where. */
export interface DatabaseUrl {
  readonly engine: 'sqlite';
  readonly path: string;
}

/** Null if the text names no database that this program can have. */
export function parseDatabaseUrl(text: string): DatabaseUrl | null {
  const path = text.replace(/^(?:sqlite|file):(?:\/\/)?/, '');
  if (/^[a-z][a-z0-9+.-]+:/i.test(path) || path === '' || path.includes('?')) return null;
  return { engine: 'sqlite', path };
}
