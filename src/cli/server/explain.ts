import { ConfigError } from '../../config/config.js';
import { codeOf } from '../../errors/system-error-code.js';
import { ERRORS } from '../../errors/error-table.js';
import { OctoStoreError } from '../../errors/octostore-error.js';
import { UnusableFileError } from '../../installation/unusable-file-error.js';
import { DatabaseInUseError, NewerSchemaError } from '../../journal/errors.js';
import { UnusableNumbersError } from '../../store/load/numbers.js';
import { EXIT } from '../shared/exit-codes.js';
import { ServerUnreachableError } from './remote-tokens.js';

/** What error codes of SQLite and of the system mean to whoever runs the server. */
const DATABASE_TROUBLE: Readonly<Record<string, string>> = {
  EIO: 'The disk that holds the database fails.',
  ENOSPC: 'The disk that holds the database is full.',
  SQLITE_BUSY: 'Another program keeps the database locked.',
  SQLITE_CANTOPEN: 'The database, or a file beside it, cannot be opened by this process.',
  SQLITE_CORRUPT: 'The database is damaged. Put a backup in its place with "octostore restore FILE".',
  SQLITE_FULL: 'The disk that holds the database is full.',
  SQLITE_IOERR: 'The disk that holds the database fails.',
  SQLITE_NOTADB: 'The database, or a file beside it, is not an SQLite file.',
  SQLITE_READONLY: 'The database, or a file beside it, may not be written by this process.',
};

/** What statuses of HTTP mean to whoever runs a command. */
const EXIT_OF_STATUS: Readonly<Record<number, number>> = {
  404: EXIT.notFound,
  422: EXIT.usage,
  503: EXIT.unreachable,
};

const UNUSABLE_DATABASE = [DatabaseInUseError, NewerSchemaError, UnusableFileError, UnusableNumbersError];

interface Explanation {
  readonly exitCode: number;
  /** For people. */
  readonly sentence: string;
}

/** Says why a command of the server failed: in a sentence for people, and as an exit code for programs. */
export function explain(error: unknown): Explanation {
  const sentence = error instanceof Error ? error.message : String(error);
  if (error instanceof ServerUnreachableError) return { exitCode: EXIT.unreachable, sentence };
  if (error instanceof ConfigError) return { exitCode: EXIT.configInvalid, sentence };
  if (UNUSABLE_DATABASE.some((kind) => error instanceof kind)) {
    return { exitCode: EXIT.databaseUnusable, sentence };
  }
  const trouble = databaseTroubleOf(error);
  if (trouble !== null) return { exitCode: EXIT.databaseUnusable, sentence: trouble };
  if (error instanceof OctoStoreError) return explainRefusal(error);
  return { exitCode: EXIT.failure, sentence };
}

/** What the server, or its parts in this process, did not do. */
function explainRefusal({ code, message, details }: OctoStoreError): Explanation {
  const sentence = details === undefined ? message : `${message} ${details}`;
  if (code === 'token_limit_exceeded') return { exitCode: EXIT.notAcquired, sentence };
  return { exitCode: EXIT_OF_STATUS[ERRORS[code].status] ?? EXIT.failure, sentence };
}

/** The trouble with the database that the error, or what caused it, speaks of. */
function databaseTroubleOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  const sentence = DATABASE_TROUBLE[String(codeOf(error))];
  return sentence === undefined ? databaseTroubleOf(error.cause) : `${sentence} (${error.message})`;
}
