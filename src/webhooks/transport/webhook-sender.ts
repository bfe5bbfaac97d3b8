import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../../clock/clock.js';
import type { Config } from '../../config/config.js';
import { CONFIG } from '../../config/config.module.js';
import { contextTrusting } from '../../http/tls/trusted-certificates.js';
import type { WebhookRow } from '../../journal/rows/webhook-row.js';
import { SecretBox } from '../../secrets/secret-box.js';
import type { ResealedRow } from '../../store/load/reseal-table.js';
import { Tracing } from '../../tracing/tracing.js';
import type { AttemptOutcome } from './attempt-outcome.js';
import { CallTimes } from './call-times.js';
import { guardedLookup } from './guarded-lookup.js';
import { HostResolver } from './host-resolver.js';
import { ReachableNetworks } from './reachable-networks.js';
import { ReceiverConnection, type ConnectOptions } from './receiver-connection.js';
import { signatureHeaders } from './signature.js';
import { parseWebhookUrl } from './webhook-url.js';

const SECRET_PURPOSE = 'webhook-secret';

const URL_REFUSED: AttemptOutcome = { status: null, error: 'url_refused', retryAfterMs: null, durationMs: 0 };

/** What is sent, and the id of its delivery. */
export interface Message {
  readonly deliveryId: string;
  /** The sequence of the event. Null if it is about none. */
  readonly sequence: number | null;
  readonly payload: string;
}

/** The result of a call. `aborted`: the server itself ended it. `secret_lost`: it was never sent. */
export type CallResult =
  | { readonly kind: 'answered'; readonly at: number; readonly outcome: AttemptOutcome }
  | { readonly kind: 'aborted' }
  | { readonly kind: 'secret_lost' };

/** Sends signed messages to the URLs that this installation allows. A webhook with a secret never gets an unsigned message. */
@Injectable()
export class WebhookSender {
  readonly #reachable: ReachableNetworks;
  readonly #connect: ConnectOptions;

  /** @throws `ConfigError` if `WEBHOOK_CA_FILE` cannot be used. */
  constructor(
    private readonly clock: Clock,
    private readonly box: SecretBox,
    private readonly times: CallTimes,
    resolver: HostResolver,
    private readonly tracing: Tracing,
    @Inject(CONFIG) config: Config,
  ) {
    this.#reachable = new ReachableNetworks(config.WEBHOOK_ALLOW_PRIVATE_NETWORKS);
    this.#connect = {
      lookup: guardedLookup(resolver, this.#reachable),
      ...(config.WEBHOOK_CA_FILE === undefined
        ? {}
        : { secureContext: contextTrusting('WEBHOOK_CA_FILE', config.WEBHOOK_CA_FILE) }),
    };
  }

  /** Encrypts a secret, to be stored. */
  seal(secret: string): string {
    return sealSecret(secret, this.box);
  }

  /** Why a webhook may not be sent to a URL, in a sentence for the client. Null if it may. */
  problemWithUrl(url: string): string | null {
    const parsed = parseWebhookUrl(url, this.#reachable);
    return parsed.ok ? null : parsed.problem;
  }

  /** A connection to a webhook's URL. Null if the URL is not allowed, which may have changed since the webhook was created. */
  connectionTo(url: string): ReceiverConnection | null {
    const parsed = parseWebhookUrl(url, this.#reachable);
    return parsed.ok ? new ReceiverConnection(parsed.url, this.clock, this.#connect) : null;
  }

  /**
   * Sends a message once. Never rejects.
   *
   * @param sealedSecret The webhook's secret as it is stored. Null if it has none.
   * @param aborted Ends the call.
   */
  async send(
    { deliveryId, sequence, payload }: Message,
    sealedSecret: string | null,
    connection: ReceiverConnection | null,
    aborted: AbortSignal,
  ): Promise<CallResult> {
    const secret = sealedSecret === null ? null : this.box.open(SECRET_PURPOSE, sealedSecret);
    if (sealedSecret !== null && secret === null) return { kind: 'secret_lost' };
    const at = this.clock.wallMs();
    if (connection === null) return { kind: 'answered', at, outcome: URL_REFUSED };
    const body = Buffer.from(payload, 'utf8');
    const headers = {
      'Content-Type': 'application/json',
      'User-Agent': 'OctoStore-Webhooks',
      ...signatureHeaders({ deliveryId, timestamp: Math.floor(at / 1000), body }, secret),
    };
    const outcome = await this.tracing.deliver({ deliveryId, sequence }, (traceHeaders) =>
      connection.post({ headers: { ...headers, ...traceHeaders }, body }, aborted),
    );
    if (outcome === null) return { kind: 'aborted' };
    this.times.record(outcome);
    return { kind: 'answered', at, outcome };
  }
}

/** Encrypts a webhook's secret, to be stored. */
export function sealSecret(secret: string, box: SecretBox): string {
  return box.seal(SECRET_PURPOSE, secret);
}

/** Whether a key of this box opens a stored secret. */
export function isSecretOpenable(sealedSecret: string, box: SecretBox): boolean {
  return box.open(SECRET_PURPOSE, sealedSecret) !== null;
}

/** The row of a webhook with its secret encrypted with the first key of this box. */
export function withSecretResealed(row: WebhookRow, box: SecretBox): ResealedRow<WebhookRow> {
  if (row.sealedSecret === null) return { kind: 'current' };
  const resealed = box.reseal(SECRET_PURPOSE, row.sealedSecret);
  return resealed.kind === 'resealed'
    ? { kind: 'resealed', row: { ...row, sealedSecret: resealed.sealed } }
    : resealed;
}
