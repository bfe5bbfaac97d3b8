import { Injectable } from '@nestjs/common';
import { LockStore } from '../store/lock-store.js';

export type Readiness = 'ready' | 'stopping' | 'failed';

/** Whether the service is ready, stopping, or has failed. */
@Injectable()
export class Lifecycle {
  #isStopping = false;

  constructor(private readonly store: LockStore) {}

  get readiness(): Readiness {
    if (!this.store.admission.isRunning) return 'failed';
    return this.#isStopping ? 'stopping' : 'ready';
  }

  /** Makes the service unready, so that load balancers send it no more requests. It still serves those that arrive. */
  announceStop(): void {
    this.#isStopping = true;
  }
}
