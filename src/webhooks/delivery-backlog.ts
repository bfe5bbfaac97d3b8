import { Injectable } from '@nestjs/common';

export interface BacklogCount {
  readonly webhooks: number;
  readonly pending: number;
  readonly dead: number;
}

/** How much there is to deliver, for metrics. */
@Injectable()
export class DeliveryBacklog {
  count(): BacklogCount {
    return { webhooks: 0, pending: 0, dead: 0 };
  }
}
