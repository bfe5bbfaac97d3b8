import { Injectable } from '@nestjs/common';
import { LockStore } from '../store/lock-store.js';

export const READINESS = ['ready', 'stopping', 'unavailable', 'failed'] as const;

export type Readiness = (typeof READINESS)[number];

/** Whether the service is ready, and if not, why. */
@Injectable()
export class Lifecycle {
  #isStopping = false;

  constructor(private readonly store: LockStore) {}

  get readiness(): Readiness {
    if (!this.store.admission.isRunning) return 'failed';
    if (this.#isStopping) return 'stopping';
    return this.store.admission.isAvailable ? 'ready' : 'unavailable';
  }

  /** Makes the service unready, so that load balancers send it no more requests. It still serves those that arrive. */
  announceStop(): void {
    this.#isStopping = true;
  }
}
