import { onTestFinished } from 'vitest';
import { Installation } from '../../support/process.js';
import { sharedCluster } from '../../support/postgres/shared-cluster.js';
import { TestDatabase } from '../../support/postgres/test-database.js';

export const SECRET_KEY = 'the-secret-key-of-tests-and-of-no-one-else';

/** An installation on a new database, and the URL of that. Its folder stays empty. */
export async function postgresInstallation(
  settings: Record<string, string | undefined> = {},
): Promise<{ readonly installation: Installation; readonly url: string; readonly database: TestDatabase }> {
  const cluster = await sharedCluster();
  if (cluster === null) throw new Error('PostgreSQL is not installed');
  const database = await TestDatabase.empty(cluster);
  onTestFinished(() => database.drop());
  const url = cluster.databaseUrl(database.name);
  return { installation: new Installation({ DATABASE_URL: url, SECRET_KEY, ...settings }), url, database };
}

/** A URL with another value in one of its parts. */
export function changedUrl(url: string, part: 'password' | 'pathname', value: string): string {
  const changed = new URL(url);
  changed[part] = value;
  return changed.href;
}
