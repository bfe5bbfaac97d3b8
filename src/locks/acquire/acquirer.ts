import { Injectable } from '@nestjs/common';
import { Access, forbidden } from '../../access/access.js';
import { Accounts } from '../../auth/accounts.js';
import type { Caller } from '../../auth/caller.js';
import type { AcquireRequest } from '../../core/model/command.js';
import { WAIT_SECONDS } from '../../core/model/limits.js';
import type { Acquired, AlreadyHeld } from '../../core/model/outcome.js';
import { OctoStoreError } from '../../errors/octostore-error.js';
import type { ClientGone } from '../../http/connections/client-gone.decorator.js';
import { LockStore } from '../../store/lock-store.js';
import { FOR_GOOD } from '../../store/wait/queued-acquires.js';
import type { WaitAnswer } from '../../store/wait/waiting-clients.js';
import { LostLeasePresenter } from '../lost-lease-presenter.js';
import { ConflictPresenter } from './conflict-presenter.js';
import { refusalOf } from './refusal.js';

/** Acquires leases for clients, and waits in line for them. */
@Injectable()
export class Acquirer {
  constructor(
    private readonly store: LockStore,
    private readonly accounts: Accounts,
    private readonly access: Access,
    private readonly conflicts: ConflictPresenter,
    private readonly lost: LostLeasePresenter,
  ) {
    access.onChange(() => store.refuseWaiting((request) => this.#refusalOf(request)));
  }

  /** Returns the lease, new or already held. Throws the error for every other answer. */
  async acquire(
    request: AcquireRequest,
    waitSeconds: number | null | undefined,
    caller: Caller,
    clientGone: ClientGone,
  ): Promise<Acquired | AlreadyHeld> {
    for (const want of request.wants) this.access.assertMay(caller, 'acquire', want);
    const seconds = waitSeconds ?? WAIT_SECONDS.default;
    const answer =
      seconds > 0
        ? await this.#acquireAfterWait(request, seconds, caller, clientGone())
        : await this.store.acquire(request, 0);
    if (answer.kind === 'acquired' || answer.kind === 'already_held') return answer;
    throw this.#errorOf(answer);
  }

  /**
   * Why a request that waits may no longer be granted. Null if it may. The scopes of its token allowed it when it arrived, and never
   * change.
   */
  #refusalOf({ wants, holder: { userId } }: AcquireRequest): OctoStoreError | null {
    const owner = { userId, scope: null };
    const want = wants.find((wanted) => !this.access.may(owner, 'acquire', wanted));
    return want === undefined ? null : forbidden('acquire', want);
  }

  #errorOf(answer: Exclude<WaitAnswer, Acquired | AlreadyHeld>): OctoStoreError {
    if (answer.kind === 'conflict') return this.conflicts.error(answer);
    return answer.kind === 'lease_broken' ? this.lost.error(answer) : refusalOf(answer);
  }

  /**
   * Waits in line for the locks. The wait also ends if the token ends, because the caller could then neither renew nor release
   * the lease.
   */
  async #acquireAfterWait(
    request: AcquireRequest,
    waitSeconds: number,
    { tokenHash }: Caller,
    gone: AbortController,
  ): Promise<WaitAnswer> {
    const stopListening = this.accounts.onTokenEnd(tokenHash, () => gone.abort(FOR_GOOD));
    try {
      const answer = await this.store.acquire(request, waitSeconds, gone.signal);
      const isRefused = answer.kind === 'abandoned' && this.accounts.callerWith(tokenHash) === null;
      if (isRefused) throw new OctoStoreError(this.accounts.refusalOf(tokenHash));
      return answer;
    } finally {
      stopListening();
    }
  }
}
