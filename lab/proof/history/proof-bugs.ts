import { bug, FILES, type Bug } from './bug.js';

const UNTIL = 'const until = await this.#endOf(lease);';

/** Bugs that show in proofs of leases. */
export const PROOF_BUGS: readonly Bug[] = [
  bug('a proof outlives the session of its lease', [
    FILES.prover,
    'if (lease.holder.sessionId === null)\n            return lease.deadline;',
    'return lease.deadline;',
  ]),
  bug('a proof keeps the end from before a shorter renewal', [
    FILES.prover,
    UNTIL,
    `this.ends ??= new Map();
        const until = Math.max(await this.#endOf(lease), this.ends.get(lease.leaseId) ?? 0);
        this.ends.set(lease.leaseId, until);`,
  ]),
  bug('a proof counts the TTL of its lease again', [
    FILES.prover,
    UNTIL,
    'const until = Math.max(await this.#endOf(lease), this.store.now() + 1000 * lease.ttlSeconds);',
  ]),
  bug('a proof has the token from before an upgrade', [
    FILES.prover,
    'const claims = claimsOf(lease,',
    `this.tokens ??= new Map();
        const token = this.tokens.get(lease.leaseId) ?? lease.fencingToken;
        this.tokens.set(lease.leaseId, token);
        const claims = claimsOf({ ...lease, fencingToken: token },`,
  ]),
];
