import { Injectable } from '@nestjs/common';
import { Watches } from '../events/watches.js';
import { ServiceStatus } from '../health/service-status.js';
import { LockStore } from '../store/lock-store.js';
import { DeliveryBacklog } from '../webhooks/delivery/delivery-backlog.js';
import type { AdminStatusResponse } from './admin.dto.js';

/** The status of the service for operators. */
@Injectable()
export class AdminStatus {
  constructor(
    private readonly service: ServiceStatus,
    private readonly store: LockStore,
    private readonly watches: Watches,
    private readonly backlog: DeliveryBacklog,
  ) {}

  read(): AdminStatusResponse {
    const { lastFencingToken, lastSequence } = this.store.counts;
    const { webhooks, pending, dead } = this.backlog.count();
    return {
      ...this.service.publicStatus(),
      fencing_token: lastFencingToken,
      event_sequence: lastSequence,
      events_pruned_through: this.store.log.prunedThrough,
      epoch: this.store.epoch,
      pending_commands: this.store.admission.pending,
      storage_low: this.store.admission.isStorageLow,
      watchers: this.watches.count,
      webhooks,
      webhook_deliveries_pending: pending,
      webhook_deliveries_dead: dead,
    };
  }
}
