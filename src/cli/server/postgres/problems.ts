import { codeOf } from '../../../errors/system-error-code.js';
import { UnusableFileError } from '../../../installation/unusable-file-error.js';
import { NewerSchemaError, UnsupportedDatabaseError } from '../../../journal/errors.js';
import { EXIT } from '../../shared/exit-codes.js';

/** What happened, what to do about it, and how a command that fails because of it exits. */
export interface PostgresProblem {
  readonly what: string;
  readonly advice: string;
  readonly exitCode: number;
}

const CORRECT_URL = 'Correct DATABASE_URL.';

const WRONG_PASSWORD: PostgresProblem = {
  what: 'The database does not accept the user or the password',
  advice: 'Correct them in DATABASE_URL or in DATABASE_PASSWORD_FILE, or allow the user in pg_hba.conf.',
  exitCode: EXIT.configInvalid,
};

const NOT_TRUSTED: PostgresProblem = {
  what: "The database's certificate is not trusted",
  advice: 'Name the certificate of its authority with sslrootcert in DATABASE_URL.',
  exitCode: EXIT.configInvalid,
};

const NOT_VALID_NOW: PostgresProblem = {
  what: "The database's certificate is not valid now",
  advice: 'Replace it, or correct the clock of this machine.',
  exitCode: EXIT.databaseUnusable,
};

const NO_PRIVILEGE: PostgresProblem = {
  what: 'The user of the database may not do this',
  advice: 'Give it the privileges that docs/postgres.md lists.',
  exitCode: EXIT.databaseUnusable,
};

/** Problems that waiting cannot mend, by the codes of PostgreSQL and of TLS. */
const LASTING: Readonly<Record<string, PostgresProblem>> = {
  '28000': WRONG_PASSWORD,
  '28P01': WRONG_PASSWORD,
  '3D000': {
    what: 'There is no such database',
    advice: 'Create it with createdb, or correct DATABASE_URL.',
    exitCode: EXIT.configInvalid,
  },
  '42501': NO_PRIVILEGE,
  CERT_HAS_EXPIRED: NOT_VALID_NOW,
  CERT_NOT_YET_VALID: NOT_VALID_NOW,
  CERT_SIGNATURE_FAILURE: NOT_TRUSTED,
  CERT_UNTRUSTED: NOT_TRUSTED,
  DEPTH_ZERO_SELF_SIGNED_CERT: NOT_TRUSTED,
  ERR_TLS_CERT_ALTNAME_INVALID: {
    what: "The database's certificate is for another host",
    advice: 'Name the host in DATABASE_URL as the certificate names it.',
    exitCode: EXIT.configInvalid,
  },
  SELF_SIGNED_CERT_IN_CHAIN: NOT_TRUSTED,
  UNABLE_TO_GET_ISSUER_CERT: NOT_TRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: NOT_TRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: NOT_TRUSTED,
};

const UNREACHABLE: PostgresProblem = {
  what: 'The database cannot be reached',
  advice: 'Start it, or correct DATABASE_URL.',
  exitCode: EXIT.unreachable,
};

/** Problems that may end, by the codes of PostgreSQL and of the system. */
const PASSING: Readonly<Record<string, PostgresProblem>> = {
  '53300': {
    what: 'The database has no connection left',
    advice: 'Close some, or raise max_connections in its configuration.',
    exitCode: EXIT.unreachable,
  },
  '57P01': UNREACHABLE,
  '57P02': UNREACHABLE,
  '57P03': UNREACHABLE,
  EAI_AGAIN: UNREACHABLE,
  ECONNREFUSED: UNREACHABLE,
  ECONNRESET: UNREACHABLE,
  EHOSTUNREACH: UNREACHABLE,
  ENETUNREACH: UNREACHABLE,
  ENOTFOUND: { ...UNREACHABLE, what: 'The host of the database is not known', advice: CORRECT_URL },
  ETIMEDOUT: UNREACHABLE,
};

/** What `pg` says if the database has no TLS. It has no code. */
const WITHOUT_TLS = 'The server does not support SSL connections';

const NO_TLS: PostgresProblem = {
  what: 'The database does not offer TLS',
  advice: 'Set ssl = on there, or sslmode=disable in DATABASE_URL if you trust the network.',
  exitCode: EXIT.configInvalid,
};

/** Errors of our own that say themselves what to do. */
const OWN = [NewerSchemaError, UnsupportedDatabaseError, UnusableFileError];

/** The problem with the database's server that an error or one of its causes reports. Null if it is of another kind. */
export function postgresProblemOf(error: unknown): PostgresProblem | null {
  for (const reason of reasonsOf(error)) {
    const problem = lastingProblemOf(reason) ?? PASSING[String(codeOf(reason))];
    if (problem !== undefined) return problem;
  }
  return null;
}

/** Whether waiting may help against an error. If several hosts have been tried, it is enough that it may help for one of them. */
export function mayPass(error: unknown): boolean {
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.some(mayPass);
  return !reasonsOf(error).some((reason) => isOwn(reason) || lastingProblemOf(reason) !== undefined);
}

/** Everything that an error says about its causes, in one line. It contains no password, because no driver's message does. */
export function reasonOf(error: unknown): string {
  const messages = reasonsOf(error).map((reason) => reason.message.trim());
  return [...new Set(messages.filter((message) => message !== ''))].join('; ') || 'unknown';
}

function lastingProblemOf(error: Error): PostgresProblem | undefined {
  return error.message.includes(WITHOUT_TLS) ? NO_TLS : LASTING[String(codeOf(error))];
}

function isOwn(error: Error): boolean {
  return OWN.some((kind) => error instanceof kind);
}

/** An error, its causes, and the errors that it consists of. */
function reasonsOf(error: unknown): Error[] {
  if (!(error instanceof Error)) return [];
  const parts = error instanceof AggregateError ? error.errors.flatMap(reasonsOf) : [];
  return [error, ...parts, ...reasonsOf(error.cause)];
}
