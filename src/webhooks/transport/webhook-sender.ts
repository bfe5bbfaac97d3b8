import { Injectable } from '@nestjs/common';
import { Clock } from '../../clock/clock.js';
import { SecretBox } from '../../secrets/secret-box.js';
import type { AttemptOutcome } from '../delivery/attempt-record.js';
import type { Delivery } from '../delivery/delivery.js';
import { DeliveryTimes } from './call-times.js';
import type { Receiver } from './receiver-connection.js';
import { signatureHeaders } from './signature.js';
import { WebhookSender } from './receiver-connections.js';
import type { Webhook } from '../subscriptions/webhook.js';

const SECRET_PURPOSE = 'webhook-secret';

const URL_REFUSED: AttemptOutcome = { status: null, error: 'url_refused', retryAfterMs: null, durationMs: 0 };

/** What is sent, and the id that it is sent under. */
export type Message = Pick<Delivery, 'deliveryId' | 'payload'>;

/** What came of a call. `cut` was ended by the server itself; `secret_lost` was never begun. */
export type CallResult =
  | { readonly kind: 'answered'; readonly at: number; readonly outcome: AttemptOutcome }
  | { readonly kind: 'cut' }
  | { readonly kind: 'secret_lost' };

/** Makes signed calls to receivers. Nothing is ever sent unsigned to a webhook that has a secret. */
@Injectable()
export class DeliveryCaller {
  constructor(
    private readonly clock: Clock,
    private readonly sender: WebhookSender,
    private readonly box: SecretBox,
    private readonly times: DeliveryTimes,
  ) {}

  /** A secret as it is stored. */
  seal(secret: string): string {
    return this.box.seal(SECRET_PURPOSE, secret);
  }

  /** What is wrong with a URL that a webhook wants to be called at, in a sentence for the client; null if nothing is. */
  problemWithUrl(url: string): string | null {
    const parsed = this.sender.parseUrl(url);
    return parsed.ok ? null : parsed.problem;
  }

  /** The connection for a webhook's calls; null if its URL may not be called any more. */
  receiverFor({ row }: Webhook): Receiver | null {
    return this.sender.receiverFor(row.url);
  }

  /** Sends a message once. Never rejects. */
  async call(
    { row: { sealedSecret } }: Webhook,
    { deliveryId, payload }: Message,
    receiver: Receiver | null,
    cut: AbortSignal,
  ): Promise<CallResult> {
    const secret = sealedSecret === null ? null : this.box.open(SECRET_PURPOSE, sealedSecret);
    if (sealedSecret !== null && secret === null) return { kind: 'secret_lost' };
    const at = this.clock.wallMs();
    if (receiver === null) return { kind: 'answered', at, outcome: URL_REFUSED };
    const body = Buffer.from(payload, 'utf8');
    const headers = {
      'Content-Type': 'application/json',
      'User-Agent': 'OctoStore-Webhooks',
      ...signatureHeaders({ deliveryId, timestamp: Math.floor(at / 1000), body }, secret),
    };
    const outcome = await receiver.post({ headers, body }, cut);
    if (outcome === null) return { kind: 'cut' };
    this.times.record(outcome);
    return { kind: 'answered', at, outcome };
  }
}
