import { Inject, Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Clock } from '../clock/clock.js';
import { BackgroundTask } from './background-task.js';
import { WebhookDispatchers } from './delivery/webhook-dispatchers.js';
import { EventFanOut } from './fan-out/event-fan-out.js';
import { WebhookSuspensions } from './management/webhook-suspensions.js';
import { WebhookRegistry } from './subscriptions/webhook-registry.js';

/** Says when the server listens. */
type Host = Pick<HttpAdapterHost, 'listen$'>;

/** What happens to webhooks when the server starts and stops. */
@Injectable()
export class WebhooksLifecycle implements OnModuleInit, BeforeApplicationShutdown {
  readonly #start: BackgroundTask;

  constructor(
    clock: Clock,
    private readonly registry: WebhookRegistry,
    private readonly dispatchers: WebhookDispatchers,
    private readonly fanOut: EventFanOut,
    private readonly suspensions: WebhookSuspensions,
    @Inject(HttpAdapterHost) private readonly host: Host,
  ) {
    this.#start = new BackgroundTask(clock, 'webhook start', () => this.#takeUp());
  }

  /** Runs before any request is served. Nothing is written, queued or sent until the server listens. */
  async onModuleInit(): Promise<void> {
    this.suspensions.open();
    await this.fanOut.open();
    for (const webhook of this.registry.all()) this.dispatchers.add(webhook);
    this.host.listen$.subscribe(() => this.start());
  }

  /** Continues the work of the last term in the background, while requests are being served. */
  start(): void {
    this.#start.wake();
    this.suspensions.start();
  }

  /** Stops in the order in which the parts pass on work. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.#start.stop();
    await this.suspensions.stop();
    await this.fanOut.stop();
    await this.dispatchers.stop();
  }

  /** Deletes what is left of deleted webhooks, loads the pending deliveries of the others, and only then queues later events. */
  async #takeUp(): Promise<void> {
    for (const webhookId of this.registry.deletedIds) this.dispatchers.remove(webhookId);
    for (const dispatcher of this.dispatchers.all()) {
      if (this.#start.isStopped) return;
      await dispatcher.load();
    }
    this.fanOut.start();
  }
}
