import { EXIT } from '../../shared/exit-codes.js';

/** What happened, what to do about it, and how a command that fails because of it exits. */
export interface PostgresProblem {
  readonly what: string;
  readonly advice: string;
  readonly exitCode: number;
}

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
export const LASTING: Readonly<Record<string, PostgresProblem>> = {
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
export const PASSING: Readonly<Record<string, PostgresProblem>> = {
  '53300': {
    what: 'The database has no connection left',
    advice: 'Close some, or raise max_connections in its configuration.',
    exitCode: EXIT.unreachable,
  },
  '57P01': UNREACHABLE,
  '57P02': UNREACHABLE,
  '57P03': UNREACHABLE,
  EACCES: UNREACHABLE,
  EAI_AGAIN: UNREACHABLE,
  ECONNREFUSED: UNREACHABLE,
  ECONNRESET: UNREACHABLE,
  EHOSTUNREACH: UNREACHABLE,
  ENETUNREACH: UNREACHABLE,
  ENOENT: UNREACHABLE,
  ENOTFOUND: {
    ...UNREACHABLE,
    what: 'The host of the database is not known',
    advice: 'Correct DATABASE_URL.',
  },
  ETIMEDOUT: UNREACHABLE,
};

/** Problems that waiting cannot mend and that have no code, by what `pg` says. */
export const LASTING_BY_MESSAGE: Readonly<Record<string, PostgresProblem>> = {
  'client password must be a': {
    what: 'The database asks for a password',
    advice: 'Set DATABASE_PASSWORD_FILE, or put the password into DATABASE_URL.',
    exitCode: EXIT.configInvalid,
  },
  'The server does not support SSL connections': {
    what: 'The database does not offer TLS',
    advice: 'Set ssl = on there, or sslmode=disable in DATABASE_URL if you trust the network.',
    exitCode: EXIT.configInvalid,
  },
};

/** A file that cannot be read, as opposed to a socket. Only `sslrootcert` names a file. */
export const NO_CA_FILE: PostgresProblem = {
  what: 'The file that sslrootcert names cannot be read',
  advice: 'Correct sslrootcert in DATABASE_URL, or the permissions of the file.',
  exitCode: EXIT.configInvalid,
};
