import { codeOf } from '../../errors/system-error-code.js';
import { UnusableFileError } from '../../installation/unusable-file-error.js';

/** What SQLite says of a file that is no database, or whose pages contradict each other. */
const ABOUT_CONTENTS = new Set<unknown>(['SQLITE_NOTADB', 'SQLITE_CORRUPT']);

/** What to do when the database is of no use. */
export const RESTORE = 'Restore a backup with "octostore restore FILE".';

/** What to do when it may have been a backup that is of no use. */
export const RESTORE_ANOTHER = 'Restore another backup with "octostore restore FILE".';

/** @param what is wrong with the file, such as "has no table". */
export function damaged(path: string, what: string, options?: ErrorOptions): UnusableFileError {
  return new UnusableFileError(`${path} is damaged: ${what}. ${RESTORE}`, options);
}

/** Rejects with `UnusableFileError` if SQLite cannot read the file because of what is in it. */
export async function tellDamage<T>(path: string, use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (cause) {
    if (!ABOUT_CONTENTS.has(codeOf(cause))) throw cause;
    throw new UnusableFileError(`${path} is not a database, or it is damaged. ${RESTORE}`, { cause });
  }
}
