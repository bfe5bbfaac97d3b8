import type { Clock } from '../../clock/clock.js';
import type { DeliveryArchive } from './stored-deliveries.js';
import type { DeliveryCaller } from '../transport/webhook-sender.js';
import type { DeliveryLedger } from './delivery-recorder.js';
import type { DeliverySlots } from './call-limit.js';

/** What the workers of all webhooks share. */
export interface WorkerParts {
  readonly clock: Clock;
  readonly archive: DeliveryArchive;
  readonly caller: DeliveryCaller;
  readonly ledger: DeliveryLedger;
  readonly slots: DeliverySlots;
}
