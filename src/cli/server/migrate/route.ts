import { parseDatabaseUrl, type DatabaseUrl } from '../../../config/database-url.js';
import { UsageError } from '../installation/usage-error.js';

/** From which database to which one. */
export interface Route {
  readonly from: DatabaseUrl;
  readonly to: DatabaseUrl;
  /** The one of the two that is PostgreSQL, as it was given. The rest of the configuration must go with it. */
  readonly postgres: string;
}

/** Throws `UsageError` unless one is a SQLite file and the other one PostgreSQL. */
export function routeOf({ from, to }: { readonly from: string; readonly to: string }): Route {
  const route = { from: parsed('--from', from), to: parsed('--to', to) };
  if (route.from.engine !== route.to.engine) {
    return { ...route, postgres: route.from.engine === 'postgres' ? from : to };
  }
  throw new UsageError(
    route.from.engine === 'sqlite'
      ? 'Both databases are SQLite files. Use "octostore backup" and "octostore restore".'
      : 'Both databases are PostgreSQL. Use pg_dump and pg_restore, and then "octostore restore". See docs/postgres.md.',
  );
}

function parsed(option: string, text: string): DatabaseUrl {
  const result = parseDatabaseUrl(text);
  if (result.kind === 'parsed') return result.url;
  throw new UsageError(`${option} ${result.reason}.`);
}
