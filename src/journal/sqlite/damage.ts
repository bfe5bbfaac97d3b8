import { codeOf } from '../../errors/system-error-code.js';
import { UnusableFileError } from '../../installation/unusable-file-error.js';

/** The codes of SQLite for a file that is not a database, or whose pages are inconsistent. */
const CONTENT_ERRORS = new Set<unknown>(['SQLITE_NOTADB', 'SQLITE_CORRUPT']);

/** What to do about a damaged database. */
export const RESTORE = 'Restore a backup with "octostore restore FILE".';

/** What to do about a damaged file that may be a backup. */
export const RESTORE_ANOTHER = 'Restore another backup with "octostore restore FILE".';

/** @param problem a clause, such as 'it has no table "users"'. */
export function damaged(path: string, problem: string, options?: ErrorOptions): UnusableFileError {
  return new UnusableFileError(`${path} is damaged: ${problem}. ${RESTORE}`, options);
}

/** Rejects with `UnusableFileError` if SQLite cannot read the file because of its contents. */
export async function explainDamage<T>(path: string, use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (cause) {
    if (!CONTENT_ERRORS.has(codeOf(cause))) throw cause;
    throw new UnusableFileError(`${path} is not a database, or it is damaged. ${RESTORE}`, { cause });
  }
}
