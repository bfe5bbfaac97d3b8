import { ConfigError } from '../../config/config.js';
import { codeOf } from '../../errors/system-error-code.js';
import { ERRORS } from '../../errors/error-table.js';
import { OctoStoreError } from '../../errors/octostore-error.js';
import { UnusableFileError } from '../../installation/unusable-file-error.js';
import { DatabaseInUseError, NewerSchemaError } from '../../journal/errors.js';
import { UnusableNumbersError } from '../../store/load/numbers.js';
import { EXIT } from '../shared/exit-codes.js';
import { ServerUnreachableError } from './remote-tokens.js';

/** What happened, and what to do about it. */
interface Trouble {
  readonly what: string;
  readonly advice: string;
}

const DISK_FAILS: Trouble = {
  what: 'The disk that holds the database fails',
  advice: 'Replace the disk, then restore a backup.',
};

const DISK_IS_FULL: Trouble = {
  what: 'The disk that holds the database is full',
  advice: 'Make room on it, then try again.',
};

const CHECK_PERMISSIONS = 'Check the owner and the permissions of the files and of their folder.';

/** What error codes of SQLite and of the system mean to an operator. */
const DATABASE_TROUBLE: Readonly<Record<string, Trouble>> = {
  EIO: DISK_FAILS,
  ENOSPC: DISK_IS_FULL,
  SQLITE_BUSY: {
    what: 'Another program keeps the database locked',
    advice: 'Stop that program, then try again.',
  },
  SQLITE_CANTOPEN: {
    what: 'The database, or a file beside it, cannot be opened by this process',
    advice: CHECK_PERMISSIONS,
  },
  SQLITE_CORRUPT: {
    what: 'The database is damaged',
    advice: 'Restore a backup with "octostore restore FILE".',
  },
  SQLITE_FULL: DISK_IS_FULL,
  SQLITE_IOERR: DISK_FAILS,
  SQLITE_NOTADB: {
    what: 'The database, or a file beside it, is not an SQLite file',
    advice: 'Restore a backup with "octostore restore FILE".',
  },
  SQLITE_READONLY: {
    what: 'The database, or a file beside it, may not be written by this process',
    advice: CHECK_PERMISSIONS,
  },
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
  const trouble = DATABASE_TROUBLE[String(codeOf(error))];
  if (trouble === undefined) return databaseTroubleOf(error.cause);
  return `${trouble.what} (${error.message}). ${trouble.advice}`;
}
