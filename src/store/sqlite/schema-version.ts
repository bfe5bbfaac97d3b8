import { InitialSchema1763596800000 } from './migrations/0001-initial-schema.js';
import { LoginPinsAndTokenRoots1764374400000 } from './migrations/0002-login-pins-and-token-roots.js';

/** Every migration, oldest first. Migrations are listed, not found: what runs does not depend on what lies in a folder. */
export const MIGRATIONS = [InitialSchema1763596800000, LoginPinsAndTokenRoots1764374400000];

/** Where a database says which migrations made it. */
export const MIGRATIONS_TABLE = 'migrations';

/** The database was written by a later version of this program. */
export class NewerSchemaError extends Error {
  override readonly name = 'NewerSchemaError';

  constructor(databasePath: string) {
    super(
      `${databasePath} was written by a newer version of OctoStore, which this one cannot read. ` +
        'Start that version, or restore a backup made by this one.',
    );
  }
}

/** Throws `NewerSchemaError` if one of the migrations that made a database is unknown here. */
export function refuseNewerSchema(applied: readonly string[], databasePath: string): void {
  const known = new Set<string>(MIGRATIONS.map(({ name }) => name));
  if (applied.some((name) => !known.has(name))) throw new NewerSchemaError(databasePath);
}
