import { join } from 'node:path';
import { sharedCluster } from './postgres/shared-cluster.js';
import { TestDatabase } from './postgres/test-database.js';

export interface NewDatabase {
  /** How a server finds it. */
  readonly settings: Readonly<Record<string, string>>;
  remove(): Promise<void>;
}

/** An empty database for a test server, of the kind that `TEST_DATABASE` names. A SQLite file is in `folder`. */
export function newDatabase(folder: string): Promise<NewDatabase> {
  return process.env['TEST_DATABASE'] === 'postgres' ? inPostgres() : Promise.resolve(inFile(folder));
}

function inFile(folder: string): NewDatabase {
  return {
    settings: { DATABASE_URL: join(folder, 'octostore.db') },
    remove: () => Promise.resolve(),
  };
}

async function inPostgres(): Promise<NewDatabase> {
  const cluster = await sharedCluster();
  if (cluster === null) throw new Error('PostgreSQL is not installed');
  const database = await TestDatabase.create(cluster);
  return {
    settings: {
      DATABASE_URL: cluster.databaseUrl(database.name),
      SECRET_KEY: 'the-secret-key-of-all-test-servers',
    },
    remove: () => database.drop(),
  };
}
