import type { UserId } from '../../core/model/ids.js';
import type { RowChanges } from '../../journal/row-changes.js';
import type { BrowserFacts, ValidToken } from '../tokens/valid-token.js';

/** The maximum number of browser sessions per account. */
export const SESSIONS_PER_USER_MAX = 50;

/** How to open a browser session. */
export interface Opening {
  readonly userId: UserId;
  readonly browser: BrowserFacts;
  /** When it ends, however much it is used. Wall-clock milliseconds. */
  readonly expiresAtMs: number;
  /** The token that opens it. Absent after a sign-in at a provider. */
  readonly maker?: ValidToken;
  /** Other rows to write in the same commit. */
  readonly rows: RowChanges;
  /** Records the session in the audit. */
  readonly record: (session: ValidToken, rows: RowChanges) => void;
}
