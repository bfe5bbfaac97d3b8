import type { FencingToken } from '../core/model/ids.js';
import { LAST_NUMBER } from '../core/model/limits.js';
import { parseLockName, type LockName } from '../core/model/lock-name.js';
import type { ListPosition } from '../core/state/state-view.js';
import { OctoStoreError } from '../errors/octostore-error.js';

const TOKEN = /^[1-9]\d{0,15}$/;

/**
 * A page's cursor is the name of its last lock and the token of its last lease, encoded so that clients do not build their own.
 */
export function encodeCursor(last: { readonly name: string; readonly fencing_token: number }): string {
  return Buffer.from(`${last.name} ${last.fencing_token}`).toString('base64url');
}

/** Higher than every character of a lock name, so what it follows is after all locks of a folder. */
const PAST_NAMES = '~';

/** The position after all locks whose names begin with a text. */
export function positionAfter(prefix: string): ListPosition {
  return { lockName: `${prefix}${PAST_NAMES}` as LockName, fencingToken: 0 as FencingToken };
}

/** The cursor of a page that ends with a folder, whose name ends with a slash as no lock's does. */
export function encodeFolderCursor(folder: string): string {
  return Buffer.from(folder).toString('base64url');
}

/**
 * The position after which the next page begins. The cursors of earlier versions have no token. They mean all leases of the lock.
 * Throws `validation_failed`.
 */
export function decodeCursor(cursor: string): ListPosition {
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  if (text.endsWith('/') && parseLockName(text.slice(0, -1)).ok) return positionAfter(text);
  const [name = '', token = String(LAST_NUMBER), ...rest] = text.split(' ');
  const parsed = parseLockName(name);
  if (!parsed.ok || !TOKEN.test(token) || rest.length > 0) {
    throw new OctoStoreError('validation_failed', {
      details: 'cursor must be the next_cursor of an earlier page.',
    });
  }
  return { lockName: parsed.name, fencingToken: Number(token) as FencingToken };
}
