import { DatabaseError } from 'pg';
import { DatabaseUnavailableError } from '../../errors.js';

/** What the function that commits raises if the chain of commits has been continued by someone else. */
export const CHAIN_BROKEN = 'OCT01';

/** What a function raises if a term may not go on in this database, because commits of a later term may be missing. */
export const DATABASE_REPLACED = 'OCT03';

/**
 * The classes and codes of errors after which the same statement may well succeed, maybe on another server: the connection, the
 * resources or the operator ended it, the server starts or stops, takes no writes, or someone else has locked the row.
 */
const PASSING = /^(?:08|53|57|40|25006|55P03)/;

/** The connection ended before the answer came. The server may have carried the statement out, or may still do so. */
export class ConnectionLostError extends Error {
  override readonly name = 'ConnectionLostError';

  constructor(options: ErrorOptions) {
    super('The connection to the database ended before the answer came.', options);
  }
}

/** Whether the same statement can be sent again. It is not known whether this one was carried out. */
export function isPassing(error: unknown): boolean {
  if (error instanceof DatabaseError) return PASSING.test(error.code ?? '');
  return error instanceof ConnectionLostError || error instanceof DatabaseUnavailableError;
}

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof DatabaseError && error.code === code;
}
