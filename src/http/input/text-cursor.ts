import { OctoStoreError } from '../../errors/octostore-error.js';

/** The longest cursor, in bytes. */
export const TEXT_CURSOR_BYTES_MAX = 1_024;

/** A page's cursor is the key of its last item, encoded so that clients do not build their own. */
export function encodeTextCursor(key: string): string {
  return Buffer.from(key, 'utf8').toString('base64url');
}

/** The key after which the next page begins. Throws `validation_failed`. */
export function decodeTextCursor(cursor: string): string {
  const key = Buffer.from(cursor, 'base64url').toString('utf8');
  if (key !== '' && encodeTextCursor(key) === cursor) return key;
  throw new OctoStoreError('validation_failed', {
    details: 'cursor must be the next_cursor of an earlier page.',
  });
}
