import { parseLockName } from '../core/model/lock-name.js';
import { OctoStoreError } from '../errors/octostore-error.js';

/** A page's cursor is the name of its last lock, encoded so that clients do not build their own. */
export function encodeCursor(lastName: string): string {
  return Buffer.from(lastName).toString('base64url');
}

/** The name after which the next page begins. Throws `validation_failed`. */
export function decodeCursor(cursor: string): string {
  const parsed = parseLockName(Buffer.from(cursor, 'base64url').toString('utf8'));
  if (!parsed.ok) {
    throw new OctoStoreError('validation_failed', {
      details: 'cursor must be the next_cursor of an earlier page.',
    });
  }
  return parsed.name;
}
