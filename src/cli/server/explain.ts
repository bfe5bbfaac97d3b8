import { ConfigError } from '../../config/config.js';
import { codeOf } from '../../errors/system-error-code.js';
import { ERRORS } from '../../errors/error-table.js';
import { OctoStoreError } from '../../errors/octostore-error.js';
import { UnusableFileError } from '../../installation/unusable-file-error.js';
import { NotEmptyError } from '../../journal/copy/move-journal.js';
import {
  DatabaseInUseError,
  DatabaseLedError,
  DatabaseUnavailableError,
  NewerSchemaError,
  TermEndedError,
  UnusableDatabaseError,
  UnusableRowError,
} from '../../journal/errors.js';
import { UnusableAddonError } from '../../program/sqlite-addon.js';
import { UnusableNumbersError } from '../../store/load/numbers.js';
import { EXIT } from '../shared/exit-codes.js';
import { UsageError } from './installation/usage-error.js';
import { PostgresError } from './postgres/postgres-error.js';
import { ServerUnreachableError } from './remote-tokens.js';

/** What happened, and what to do about it. */
interface Problem {
  readonly what: string;
  readonly advice: string;
}

const DISK_FAILS: Problem = {
  what: 'The disk that holds the database is failing',
  advice: 'Replace the disk, then restore a backup.',
};

const DISK_IS_FULL: Problem = {
  what: 'The disk that holds the database is full',
  advice: 'Free some space, then try again.',
};

const CHECK_PERMISSIONS = 'Check the owner and the permissions of the files and of their folder.';
const RESTORE = 'Restore a backup with "octostore restore FILE".';

/** What the error codes of SQLite and of the system mean, for operators. */
const DATABASE_PROBLEMS: Readonly<Record<string, Problem>> = {
  EIO: DISK_FAILS,
  ENOSPC: DISK_IS_FULL,
  SQLITE_BUSY: {
    what: 'Another program has locked the database',
    advice: 'End that program, then try again.',
  },
  SQLITE_CANTOPEN: {
    what: 'This process cannot open the database, or a file beside it',
    advice: CHECK_PERMISSIONS,
  },
  SQLITE_CORRUPT: { what: 'The database is damaged', advice: RESTORE },
  SQLITE_FULL: DISK_IS_FULL,
  SQLITE_IOERR: DISK_FAILS,
  SQLITE_NOTADB: { what: 'The database, or a file beside it, is not an SQLite file', advice: RESTORE },
  SQLITE_READONLY: {
    what: 'This process cannot write to the database, or to a file beside it',
    advice: CHECK_PERMISSIONS,
  },
};

/** The exit codes for HTTP statuses. */
const EXIT_OF_STATUS: Readonly<Record<number, number>> = {
  404: EXIT.notFound,
  403: EXIT.notPermitted,
  412: EXIT.notAcquired,
  422: EXIT.usage,
  503: EXIT.unreachable,
};

const UNUSABLE_DATABASE = [
  DatabaseUnavailableError,
  DatabaseInUseError,
  DatabaseLedError,
  NewerSchemaError,
  NotEmptyError,
  UnusableAddonError,
  UnusableDatabaseError,
  UnusableFileError,
  UnusableNumbersError,
  UnusableRowError,
];

interface Explanation {
  readonly exitCode: number;
  readonly sentence: string;
}

/** Explains why a command of the server failed: a sentence for people, and an exit code for programs. */
export function explain(error: unknown): Explanation {
  const sentence = error instanceof Error ? error.message : String(error);
  if (error instanceof ServerUnreachableError) return { exitCode: EXIT.unreachable, sentence };
  if (error instanceof PostgresError) return { exitCode: error.exitCode, sentence };
  if (error instanceof UsageError) return { exitCode: EXIT.usage, sentence };
  if (error instanceof TermEndedError) return { exitCode: EXIT.storeFailed, sentence };
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
  if (code === 'token_limit_exceeded' || code === 'service_account_limit_exceeded')
    return { exitCode: EXIT.notAcquired, sentence };
  return { exitCode: EXIT_OF_STATUS[ERRORS[code].status] ?? EXIT.failure, sentence };
}

/** The problem with the database that an error or one of its causes reports. Null if they report none. */
function databaseProblemOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  const problem = DATABASE_PROBLEMS[String(codeOf(error))];
  if (problem === undefined) return databaseProblemOf(error.cause);
  return `${problem.what} (${error.message}). ${problem.advice}`;
}
