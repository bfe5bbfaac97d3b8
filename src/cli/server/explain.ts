import { ConfigError } from '../../config/config.js';
import { codeOf } from '../../errors/system-error-code.js';
import { ERRORS } from '../../errors/error-table.js';
import { OctoStoreError } from '../../errors/octostore-error.js';
import { UnusableFileError } from '../../installation/unusable-file-error.js';
import { DatabaseInUseError, NewerSchemaError } from '../../journal/errors.js';
import { UnusableNumbersError } from '../../store/load/numbers.js';
import { EXIT } from '../shared/exit-codes.js';
import { ServerUnreachableError } from './remote-tokens.js';

/** What the error codes of SQLite and of the system mean, for operators. */
const DATABASE_PROBLEMS: Readonly<Record<string, string>> = {
  EIO: 'The disk that holds the database is failing. Check the disk.',
  ENOSPC: 'The disk that holds the database is full. Free some space.',
  SQLITE_BUSY: 'Another program has locked the database. End that program first.',
  SQLITE_CANTOPEN: 'This process cannot open the database, or a file beside it. Check their permissions.',
  SQLITE_CORRUPT: 'The database is damaged. Restore a backup with "octostore restore FILE".',
  SQLITE_FULL: 'The disk that holds the database is full. Free some space.',
  SQLITE_IOERR: 'The disk that holds the database is failing. Check the disk.',
  SQLITE_NOTADB: 'The database, or a file beside it, is not an SQLite file. Check DATABASE_URL.',
  SQLITE_READONLY:
    'This process may not write to the database, or to a file beside it. Check their permissions.',
};

/** The exit codes for HTTP statuses. */
const EXIT_OF_STATUS: Readonly<Record<number, number>> = {
  404: EXIT.notFound,
  422: EXIT.usage,
  503: EXIT.unreachable,
};

const UNUSABLE_DATABASE = [DatabaseInUseError, NewerSchemaError, UnusableFileError, UnusableNumbersError];

interface Explanation {
  readonly exitCode: number;
  readonly sentence: string;
}

/** Explains why a command of the server failed: a sentence for people, and an exit code for programs. */
export function explain(error: unknown): Explanation {
  const sentence = error instanceof Error ? error.message : String(error);
  if (error instanceof ServerUnreachableError) return { exitCode: EXIT.unreachable, sentence };
  if (error instanceof ConfigError) return { exitCode: EXIT.configInvalid, sentence };
  if (UNUSABLE_DATABASE.some((kind) => error instanceof kind)) {
    return { exitCode: EXIT.databaseUnusable, sentence };
  }
  const problem = databaseProblemOf(error);
  if (problem !== null) return { exitCode: EXIT.databaseUnusable, sentence: problem };
  if (error instanceof OctoStoreError) return explainRefusal(error);
  return { exitCode: EXIT.failure, sentence };
}

/** A refusal by the server, or by its code in this process. */
function explainRefusal({ code, message, details }: OctoStoreError): Explanation {
  const sentence = details === undefined ? message : `${message} ${details}`;
  if (code === 'token_limit_exceeded') return { exitCode: EXIT.notAcquired, sentence };
  return { exitCode: EXIT_OF_STATUS[ERRORS[code].status] ?? EXIT.failure, sentence };
}

/** The problem with the database that an error or one of its causes reports. Null if they report none. */
function databaseProblemOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  const sentence = DATABASE_PROBLEMS[String(codeOf(error))];
  return sentence === undefined ? databaseProblemOf(error.cause) : `${sentence} (${error.message})`;
}
