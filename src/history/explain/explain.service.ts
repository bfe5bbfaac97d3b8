import { Injectable } from '@nestjs/common';
import { Access } from '../../access/access.js';
import type { Caller } from '../../auth/caller.js';
import type { LockName } from '../../core/model/lock-name.js';
import { LockStore } from '../../store/lock-store.js';
import { PastLeases } from '../past-leases.js';
import { explain, snapshotOf } from './explain.js';
import type { LockExplanation } from './explanation.dto.js';
import { PresentTerms } from './present-terms.js';

/** Explains why a lock is held, and what each request in line waits for. */
@Injectable()
export class ExplainService {
  constructor(
    private readonly store: LockStore,
    private readonly pastLeases: PastLeases,
    private readonly access: Access,
    private readonly terms: PresentTerms,
  ) {}

  /** Throws `forbidden`. */
  async explain(lockName: LockName, caller: Caller): Promise<LockExplanation> {
    this.access.assertMay(caller, 'observe', { lockName });
    const past = await this.pastLeases.of(lockName);
    return this.store.read((state, now) => {
      // The policy may have changed in the meantime.
      this.access.assertMay(caller, 'observe', { lockName });
      return explain(snapshotOf(lockName, state, now), past, this.terms.now());
    });
  }
}
