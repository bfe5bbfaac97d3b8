/** Another process has the database. */
export class DatabaseInUseError extends Error {
  override readonly name = 'DatabaseInUseError';

  constructor(databasePath: string) {
    super(
      `Another OctoStore process is using ${databasePath}. ` +
        'Stop it first, or give this one its own file with DATABASE_URL.',
    );
  }
}

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
