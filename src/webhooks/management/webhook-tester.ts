import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Caller } from '../../auth/caller.js';
import { RateLimiter } from '../../auth/rate-limiter.js';
import { Clock } from '../../clock/clock.js';
import type { Config } from '../../config/config.js';
import { CONFIG } from '../../config/config.module.js';
import { afterEffect } from '../../errors/after-effect.js';
import { OctoStoreError } from '../../errors/octostore-error.js';
import { presentTest } from '../../events/event-presenter.js';
import { LockStore } from '../../store/lock-store.js';
import { WebhookDispatchers } from '../delivery/webhook-dispatchers.js';
import { WebhookRegistry } from '../subscriptions/webhook-registry.js';
import type { Message } from '../transport/webhook-sender.js';
import type { WebhookTestResponse } from './dto/webhook-test.dto.js';

const MINUTE_MS = 60_000;

/** Sends example events. Because each makes the server call a URL, their rate per user is limited. */
@Injectable()
export class WebhookTester {
  readonly #limiter: RateLimiter;

  constructor(
    private readonly store: LockStore,
    private readonly clock: Clock,
    private readonly registry: WebhookRegistry,
    private readonly dispatchers: WebhookDispatchers,
    @Inject(CONFIG) { WEBHOOK_TESTS_PER_MINUTE: attempts }: Pick<Config, 'WEBHOOK_TESTS_PER_MINUTE'>,
  ) {
    this.#limiter = new RateLimiter(clock, { attempts, periodMs: MINUTE_MS });
  }

  /**
   * Sends an example event once. Throws `rate_limited`, `webhook_disabled` or `webhook_suspended`, and `outcome_unknown` if the
   * server stops in the meantime.
   */
  async test(webhookId: string, caller: Caller): Promise<WebhookTestResponse> {
    await this.store.settleRefusal(() => this.#admit(webhookId, caller));
    return afterEffect(() => this.store.settleRefusal(() => this.#send(webhookId, caller)));
  }

  async #admit(webhookId: string, caller: Caller): Promise<void> {
    this.registry.owned(webhookId, caller).assertActive();
    const retryAfterMs = this.#limiter.attempt(caller.userId);
    if (retryAfterMs > 0) throw new OctoStoreError('rate_limited', { retryAfterMs });
    // A server that no longer leads must not send anything.
    await this.store.settled();
  }

  async #send(webhookId: string, caller: Caller): Promise<WebhookTestResponse> {
    const message = exampleMessage(this.clock.wallMs());
    const outcome = (await this.dispatchers.get(webhookId)?.test(message)) ?? null;
    if (outcome === null) return this.#explainAbort(webhookId, caller);
    const { status, error, durationMs } = outcome;
    return { id: message.deliveryId, delivered: error === null, status, error, duration_ms: durationMs };
  }

  /**
   * Throws the reason why the server aborted the call: the webhook was deleted, suspended or disabled, or the server is
   * stopping. The receiver may have got the event.
   */
  #explainAbort(webhookId: string, caller: Caller): never {
    this.registry.owned(webhookId, caller).assertActive();
    throw new OctoStoreError('outcome_unknown');
  }
}

function exampleMessage(wallMs: number): Message {
  return { deliveryId: randomUUID(), sequence: null, payload: JSON.stringify(presentTest(wallMs)) };
}
