import type { FencingToken, UserId } from './ids.js';
import type { Instant } from './time.js';

/** Someone has asked the holders of a lock to release it. It is kept in memory for as long as the lock is held. */
export interface ReleaseRequest {
  readonly requestedBy: UserId;
  readonly message: string | null;
  readonly at: Instant;
  /** It is addressed to the leases that were granted up to this token. */
  readonly through: FencingToken;
}
