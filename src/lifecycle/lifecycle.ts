import { Injectable } from '@nestjs/common';
import { LockStore } from '../store/lock-store.js';

export type Readiness = 'ready' | 'stopping' | 'failed';

/** Where the service stands between its start and its stop. */
@Injectable()
export class Lifecycle {
  #isStopping = false;

  constructor(private readonly store: LockStore) {}

  get readiness(): Readiness {
    if (!this.store.admission.isRunning) return 'failed';
    return this.#isStopping ? 'stopping' : 'ready';
  }

  /** Turns the service unready, so that load balancers send no more, while it still serves what comes. */
  announceStop(): void {
    this.#isStopping = true;
  }
}
