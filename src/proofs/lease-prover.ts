import { Injectable } from '@nestjs/common';
import { SignJWT } from 'jose';
import { Accounts } from '../auth/accounts.js';
import type { Lease } from '../core/model/lease.js';
import { isAlive } from '../core/model/session.js';
import type { Instant } from '../core/model/time.js';
import type { StateView } from '../core/state/state-view.js';
import { afterEffect } from '../errors/after-effect.js';
import { LockStore } from '../store/lock-store.js';
import { claimsOf, PROOF_TYPE, type Validity } from './claims.js';
import { ALGORITHM } from './keys/proof-key.js';
import { ProofKeys } from './keys/proof-keys.js';

/** A reply that shows a lease to its holder. */
interface Reply {
  readonly proof?: string;
}

/** Proves to third parties that leases are held. */
@Injectable()
export class LeaseProver {
  constructor(
    private readonly store: LockStore,
    private readonly accounts: Accounts,
    private readonly keys: ProofKeys,
  ) {}

  /** The reply, with a proof of the lease if the client wants one. Otherwise the reply as it is, at once. */
  addTo<R extends Reply>(reply: R, lease: Lease, isWanted: boolean | null | undefined): R | Promise<R> {
    return isWanted === true ? this.#withProof(reply, lease) : reply;
  }

  async #withProof<R extends Reply>(reply: R, lease: Lease): Promise<R> {
    return { ...reply, proof: await this.#prove(lease) };
  }

  /** Signs on another thread. */
  async #prove(lease: Lease): Promise<string> {
    const claims = claimsOf(lease, this.accounts.loginOf(lease.holder.userId), await this.#validity(lease));
    const { row, privateKey } = this.keys.signer;
    return new SignJWT({ ...claims })
      .setProtectedHeader({ alg: ALGORITHM, typ: PROOF_TYPE, kid: row.keyId })
      .sign(privateKey);
  }

  async #validity(lease: Lease): Promise<Validity> {
    const until = await this.#endOf(lease);
    return { fromMs: this.store.toWallMs(this.store.now()), untilMs: this.store.toWallMs(until) };
  }

  /** The lease also ends with its session, which may be sooner. By now it has been granted or renewed. */
  async #endOf(lease: Lease): Promise<Instant> {
    if (lease.holder.sessionId === null) return lease.deadline;
    return afterEffect(() => this.store.read((state, now) => earlierEnd(lease, state, now)));
  }
}

function earlierEnd(lease: Lease, state: StateView, now: Instant): Instant {
  const { sessionId } = lease.holder;
  const session = sessionId === null ? null : state.session(sessionId);
  return session !== null && isAlive(session, now) ? state.endOfLease(lease) : now;
}
