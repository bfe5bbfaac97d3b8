import type { Config } from '../../../config/config.js';
import { locateDatabase } from '../../../installation/database-location.js';
import type { Installation } from './installation.js';

/** The installation that the configuration names. Loads only the code for its kind of database. Throws `UnusableFileError`. */
export async function findInstallation(config: Config): Promise<Installation> {
  const location = await locateDatabase(config.DATABASE_URL, config.DATABASE_PASSWORD_FILE);
  if (location.engine === 'sqlite') {
    const { SqliteInstallation } = await import('../sqlite/sqlite-installation.js');
    return new SqliteInstallation(config, location);
  }
  const { PostgresInstallation } = await import('../postgres/postgres-installation.js');
  return new PostgresInstallation(config, location);
}
