import type { TableName } from './tables.js';

/** Another process is using the database. */
export class DatabaseInUseError extends Error {
  override readonly name = 'DatabaseInUseError';

  constructor(databasePath: string) {
    super(
      `Another OctoStore process is using ${databasePath}. ` +
        'Stop it first, or set DATABASE_URL to another file.',
    );
  }
}

/** The term of this process is over, so it must stop: another one has begun a newer term, unless the message says otherwise. */
export class TermEndedError extends Error {
  override readonly name = 'TermEndedError';

  constructor(options?: ErrorOptions, message = 'Another process has begun a newer term on this database.') {
    super(message, options);
  }
}

/** The end of the term because of which something failed. Null if it failed for another reason. */
export function endOfTerm(error: unknown): TermEndedError | null {
  if (error instanceof TermEndedError) return error;
  return error instanceof Error && error.cause !== undefined ? endOfTerm(error.cause) : null;
}

/** A process leads on a database on which none may lead now. */
export class DatabaseLedError extends Error {
  override readonly name = 'DatabaseLedError';

  /** @param databaseName see `DatabaseLocation`. */
  constructor(databaseName: string) {
    super(`A server is running on ${databaseName}. Stop all servers of this database first.`);
  }
}

/** A newer version of OctoStore wrote the database. */
export class NewerSchemaError extends Error {
  override readonly name = 'NewerSchemaError';

  constructor(databasePath: string) {
    super(
      `${databasePath} was written by a newer version of OctoStore, which this one cannot read. ` +
        'Start that version, or restore a backup that this version made.',
    );
  }
}

/** A row of the database has content that this server never writes. */
export class UnusableRowError extends Error {
  override readonly name = 'UnusableRowError';

  constructor(table: TableName, options?: ErrorOptions) {
    super(
      `The database cannot be used: a row of the table "${table}" is not valid. ` +
        'Put a backup in its place with "octostore restore FILE".',
      options,
    );
  }
}

/** A database cannot be used, and waiting does not help. The message says what to do. */
export class UnusableDatabaseError extends Error {
  override readonly name = 'UnusableDatabaseError';
}

/** No server of the database can be used now, for the reasons in `errors`. Waiting may help if it helps against one of them. */
export class DatabaseUnavailableError extends AggregateError {
  override readonly name = 'DatabaseUnavailableError';

  constructor(message: string, reasons: readonly Error[] = []) {
    super(reasons, message);
  }
}
