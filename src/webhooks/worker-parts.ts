import type { Clock } from '../clock/clock.js';
import type { DeliveryArchive } from './delivery-archive.js';
import type { DeliveryCaller } from './delivery-caller.js';
import type { DeliveryLedger } from './delivery-ledger.js';
import type { DeliverySlots } from './delivery-slots.js';

/** What the workers of all webhooks share. */
export interface WorkerParts {
  readonly clock: Clock;
  readonly archive: DeliveryArchive;
  readonly caller: DeliveryCaller;
  readonly ledger: DeliveryLedger;
  readonly slots: DeliverySlots;
}
