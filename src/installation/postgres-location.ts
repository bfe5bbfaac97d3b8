import type { PostgresHost, PostgresUrl } from '../config/database-url.js';

export type { PostgresHost, PostgresTls } from '../config/database-url.js';

/** Where a PostgreSQL database is, and how to connect to it. */
export class PostgresLocation {
  readonly engine = 'postgres';

  constructor(
    readonly url: PostgresUrl,
    /** Called for each new connection, because passwords may be replaced while the server runs. Null if there is no password. */
    readonly password: () => Promise<string | null>,
  ) {}

  /** What messages call the database. It contains no password. */
  get name(): string {
    const { user, hosts, database } = this.url;
    return `postgres://${encodeURIComponent(user)}@${hosts.map(placeOf).join(',')}/${encodeURIComponent(database)}`;
  }
}

function placeOf({ host, port }: PostgresHost): string {
  if (host.startsWith('/')) return host;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
