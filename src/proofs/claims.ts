import type { HeldLock, Hold } from '../core/model/demand.js';
import { locksOf, type Lease } from '../core/model/lease.js';

/** Who issues proofs. The key set says which server. */
export const ISSUER = 'octostore';

/** The type of a proof, so that no other signed token is taken for one. */
export const PROOF_TYPE = 'octostore-proof+jwt';

/** How a lease holds one lock. */
interface LockClaim {
  readonly name: string;
  readonly mode: Hold['mode'];
  readonly limit?: number;
  readonly slots?: readonly number[];
}

/**
 * What a proof says. Times are in seconds since 1970. The id of the lease is not part of it: with that and a token, the lease could
 * be released.
 */
export interface Claims {
  readonly iss: typeof ISSUER;
  /** The id of the user who holds the locks. */
  readonly sub: string;
  /** The login of that user. */
  readonly holder: string;
  readonly locks: readonly LockClaim[];
  readonly fencing_token: number;
  readonly iat: number;
  /** Never later than the end of the lease. */
  readonly exp: number;
}

/** When a proof becomes valid, and when it expires at the latest. In milliseconds since 1970. */
export interface Validity {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** What the proof of a lease says. */
export function claimsOf(lease: Lease, login: string, { fromMs, untilMs }: Validity): Claims {
  return {
    iss: ISSUER,
    sub: lease.holder.userId,
    holder: login,
    locks: locksOf(lease).map(claimOf),
    fencing_token: lease.fencingToken,
    iat: Math.floor(fromMs / 1000),
    exp: Math.floor(untilMs / 1000),
  };
}

function claimOf({ lockName: name, hold }: HeldLock): LockClaim {
  if (hold.mode !== 'counted') return { name, mode: hold.mode };
  return { name, mode: hold.mode, limit: hold.limit, slots: hold.slots };
}
