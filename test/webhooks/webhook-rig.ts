import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { Logger } from '@nestjs/common';
import { NEVER } from 'rxjs';
import { onTestFinished } from 'vitest';
import { AuditTrail } from '../../src/audit/audit-trail.js';
import type { Caller } from '../../src/auth/caller.js';
import { hashToken } from '../../src/auth/tokens/token-format.js';
import { firstIdOf } from '../../src/auth/tokens/valid-token.js';
import type { Scope } from '../../src/access/scope/scope.js';
import { Scopes } from '../../src/access/scope/scopes.js';
import { loadConfig } from '../../src/config/config.js';
import type { UserId } from '../../src/core/model/ids.js';
import { SecretBox } from '../../src/secrets/secret-box.js';
import type { DeliveryRow } from '../../src/journal/rows/delivery-row.js';
import type { StoreOptions } from '../../src/store/store-options.js';
import { DeliveriesService } from '../../src/webhooks/delivery/deliveries.service.js';
import { DeliveryBacklog } from '../../src/webhooks/delivery/delivery-backlog.js';
import { DeliveryRecorder } from '../../src/webhooks/delivery/delivery-recorder.js';
import { RetrySchedule } from '../../src/webhooks/delivery/retry-schedule.js';
import { StoredDeliveries } from '../../src/webhooks/delivery/stored-deliveries.js';
import { STOP_GRACE_MS, WebhookDispatchers } from '../../src/webhooks/delivery/webhook-dispatchers.js';
import { EventFanOut } from '../../src/webhooks/fan-out/event-fan-out.js';
import type { CreateWebhookRequest, WebhookResponse } from '../../src/webhooks/management/dto/webhook.dto.js';
import { WebhookSuspensions, type Owners } from '../../src/webhooks/management/webhook-suspensions.js';
import { WebhookTester } from '../../src/webhooks/management/webhook-tester.js';
import { Access, type Account } from '../../src/access/access.js';
import { WebhooksService } from '../../src/webhooks/management/webhooks.service.js';
import { WebhookRegistry } from '../../src/webhooks/subscriptions/webhook-registry.js';
import { CallTimes } from '../../src/webhooks/transport/call-times.js';
import { type HostResolver, SystemHostResolver } from '../../src/webhooks/transport/host-resolver.js';
import { PassingOn } from '../../src/tracing/passing-on.js';
import { WebhookSender } from '../../src/webhooks/transport/webhook-sender.js';
import { suspendOrphans } from '../../src/webhooks/management/suspend.js';
import { WebhooksLifecycle } from '../../src/webhooks/webhooks-lifecycle.js';
import { WebhookAdministration } from '../../src/webhooks/management/webhook-administration.js';
import { settleDown, StoreRig, watch } from '../support/store.js';
import { sharedCertificate } from '../support/webhook-receiver.js';

export const ANN = caller('ann');
export const BEN = caller('ben');

export function caller(name: string): Caller {
  const tokenHash = hashToken(name);
  const tokenId = firstIdOf(tokenHash);
  return { userId: name as UserId, login: name, tokenHash, tokenId, scope: null, exchanged: false };
}

/** A schedule without jitter. */
class ExactSchedule extends RetrySchedule {
  protected override random(): number {
    return 0.5;
  }
}

/** Users who have valid tokens unless they have lost them. */
class TestOwners implements Owners {
  readonly #without = new Set<UserId>();
  readonly #scopes = new Scopes();
  /** The scopes of valid tokens that have any, by their ids. */
  readonly #narrow = new Map<string, Scope | null>();
  #listeners: ((userId: UserId) => void)[] = [];

  hasValidToken(userId: UserId): boolean {
    return !this.#without.has(userId);
  }

  scopeOf(tokenId: string): Scope {
    return this.#narrow.get(tokenId) ?? this.#scopes.nothing;
  }

  hasTokenWithScopes(tokenId: string): boolean {
    return this.#narrow.has(tokenId);
  }

  /** The same user with another token, which may only observe these locks. */
  narrowed(owner: Caller, ...locks: string[]): Caller {
    const tokenId = `narrow-${this.#narrow.size}` as Caller['tokenId'];
    const scope = this.#scopes.of([{ may: ['observe'], on: locks }]);
    this.#narrow.set(tokenId, scope);
    return { ...owner, tokenId, scope };
  }

  /** A token with scopes has expired, but no one has been notified yet. */
  expire({ tokenId }: Caller): void {
    this.#narrow.delete(tokenId);
  }

  /** A token with scopes has ended. */
  end(token: Caller): void {
    this.expire(token);
    for (const listener of this.#listeners) listener(token.userId);
  }

  onTokensChanged(listener: (userId: UserId) => void): void {
    this.#listeners.push(listener);
  }

  /** Revokes the last token of the user. */
  revoke({ userId }: Caller): void {
    this.#without.add(userId);
    for (const listener of this.#listeners) listener(userId);
  }

  /** The user signs in again. */
  signIn({ userId }: Caller): void {
    this.#without.delete(userId);
    for (const listener of this.#listeners) listener(userId);
  }

  /** A process that was to be notified of changes has ended. */
  forget(): void {
    this.#listeners = [];
  }
}

interface RigOptions {
  readonly store?: Partial<StoreOptions>;
  readonly resolver?: HostResolver;
  readonly allowPrivate?: boolean;
  readonly secretKey?: string;
}

interface Parts {
  readonly registry: WebhookRegistry;
  readonly lifecycle: WebhooksLifecycle;
  readonly fanOut: EventFanOut;
  readonly suspensions: WebhookSuspensions;
  readonly webhooks: WebhooksService;
  readonly deliveries: DeliveriesService;
  readonly tester: WebhookTester;
  readonly administration: WebhookAdministration;
  readonly stored: StoredDeliveries;
  readonly backlog: DeliveryBacklog;
}

/** Long, so that the leases of tests do not expire, which would be another event. */
export const OUTLASTS_ALL_RETRIES_SECONDS = 1_000_000_000;

/** The webhooks of a service, on a real store, with a manual clock and real connections. */
export class WebhookRig {
  readonly #options: RigOptions;
  #secretKey: string;
  #allowPrivate: boolean;
  readonly owners = new TestOwners();
  /** Every user is a static user whose name is the id of the account. */
  readonly access = new Access({
    user: (userId) => (this.#accounts[userId] ??= { provider: 'static', subject: userId, login: userId }),
    loginsOf: () => [],
  });
  readonly #accounts: Record<string, Account> = {};
  #parts: Parts | null = null;

  private constructor(
    readonly base: StoreRig,
    options: RigOptions,
  ) {
    this.#options = options;
    this.#secretKey = options.secretKey ?? 'the key of this server';
    this.#allowPrivate = options.allowPrivate ?? true;
  }

  static async open(options: RigOptions = {}): Promise<WebhookRig> {
    Logger.overrideLogger(false);
    const rig = new WebhookRig(await StoreRig.open(options.store), options);
    onTestFinished(() => rig.stop({ cut: true }));
    await rig.start();
    return rig;
  }

  /** Starts with the present database. */
  async start(): Promise<void> {
    const { store, journal, clock } = this.base;
    const config = loadConfig({
      WEBHOOK_ALLOW_PRIVATE_NETWORKS: this.#allowPrivate ? '127.0.0.0/8,::1' : 'false',
      WEBHOOK_CA_FILE: sharedCertificate().caFile,
    });
    const registry = await WebhookRegistry.open(journal, clock, this.owners);
    const resolver = this.#options.resolver ?? new SystemHostResolver();
    const box = new SecretBox(this.#secretKey);
    const sender = new WebhookSender(clock, box, new CallTimes(), resolver, new PassingOn(), config);
    const stored = new StoredDeliveries(store, journal);
    const recorder = new DeliveryRecorder(store, registry, new ExactSchedule());
    const dispatchers = new WebhookDispatchers(clock, registry, stored, recorder, sender, this.access);
    const users = { user: () => null, loginOf: (userId: string) => userId, usersNamed: () => [] };
    const fanOut = new EventFanOut(store, journal, clock, registry, dispatchers, this.access, users);
    this.owners.forget();
    await suspendOrphans(registry, this.owners, store);
    const suspensions = new WebhookSuspensions(clock, store, registry, dispatchers, fanOut, this.owners);
    const host = { listen$: NEVER };
    const lifecycle = new WebhooksLifecycle(clock, registry, dispatchers, fanOut, suspensions, host);
    const webhooks = new WebhooksService(
      store,
      clock,
      registry,
      dispatchers,
      fanOut,
      sender,
      suspensions,
      this.access,
    );
    this.#parts = {
      registry,
      lifecycle,
      fanOut,
      suspensions,
      webhooks,
      administration: new WebhookAdministration(
        store,
        users,
        registry,
        dispatchers,
        suspensions,
        webhooks,
        new AuditTrail(clock),
      ),
      tester: new WebhookTester(store, clock, registry, dispatchers, config),
      deliveries: new DeliveriesService(store, registry, dispatchers, stored, this.access),
      stored,
      backlog: new DeliveryBacklog(registry, dispatchers),
    };
    await lifecycle.onModuleInit();
    lifecycle.start();
  }

  /** Stops in order, the store last. Advances the clock only to cut off running calls. */
  async stop({ cut = false } = {}): Promise<void> {
    const parts = this.#parts;
    this.#parts = null;
    if (parts === null) return;
    const stopped = watch(parts.lifecycle.beforeApplicationShutdown());
    while (stopped.status === 'pending') {
      await settleDown();
      // Earlier, a running call would time out before it could be cut off.
      if (cut && this.base.clock.hasTimerDueIn(STOP_GRACE_MS)) this.base.clock.advance(STOP_GRACE_MS);
    }
    await this.base.close();
  }

  async restart(changes: { readonly secretKey?: string; readonly cut?: boolean } = {}): Promise<void> {
    await this.stop(changes);
    this.#secretKey = changes.secretKey ?? this.#secretKey;
    await this.base.start();
    await this.start();
  }

  /** From the next start on, only public addresses are called. */
  forbidPrivate(): void {
    this.#allowPrivate = false;
  }

  /** Kills the process: what is on disk stays, everything else is lost. */
  async crash(): Promise<void> {
    this.#parts = null;
    await this.base.close();
  }

  get parts(): Parts {
    if (this.#parts === null) throw new Error('the rig is stopped');
    return this.#parts;
  }

  create(url: string, request: Partial<CreateWebhookRequest> = {}, who = ANN): Promise<WebhookResponse> {
    return this.parts.webhooks.create({ url, ...request }, who);
  }

  /** Makes this many events, one after another. */
  async events(count: number, lockName = `lock-${randomUUID()}`): Promise<void> {
    const lease = await this.base.grant(lockName, { ttl: OUTLASTS_ALL_RETRIES_SECONDS });
    for (let made = 1; made < count; made += 1) await this.base.renew(lease, lease.ttlSeconds);
  }

  /** The webhook's deliveries as they are on disk, oldest event first. */
  async rows(webhookId: string): Promise<DeliveryRow[]> {
    const rows = await this.parts.stored.newest(webhookId, 100_000, null);
    return rows.toReversed();
  }

  /** The last event that was queued for the webhook. */
  async newest(webhookId: string): Promise<number | undefined> {
    const [row] = await this.parts.stored.newest(webhookId, 1, null);
    return row?.sequence;
  }

  /** Resolves when the condition is true. It is checked again after each commit. */
  async until(condition: () => boolean | Promise<boolean>): Promise<void> {
    const committed = new EventEmitter();
    this.base.store.observe({ committed: () => setImmediate(() => committed.emit('next')) });
    for (;;) {
      const next = once(committed, 'next');
      if (await condition()) return;
      await next;
    }
  }

  /** Resolves when nothing is left to deliver, and every outcome is on disk. */
  untilIdle(): Promise<void> {
    return this.until(() => this.parts.backlog.count().pending === 0);
  }

  /** Resolves when each of the webhook’s deliveries, oldest first, has the given state. */
  async untilStates(webhookId: string, ...states: DeliveryRow['state'][]): Promise<DeliveryRow[]> {
    let rows: DeliveryRow[] = [];
    await this.until(async () => {
      rows = await this.rows(webhookId);
      return rows.map(({ state }) => state).join() === states.join();
    });
    return rows;
  }

  /** Lets the next retry happen, once this many attempts of a delivery have failed. */
  async retry(webhookId: string, sequence: number, failures: number, afterMs: number): Promise<void> {
    await this.until(async () => {
      const row = (await this.rows(webhookId)).find((other) => other.sequence === sequence);
      return row?.failures === failures && row.nextAttemptAt !== null;
    });
    this.base.clock.advance(afterMs);
  }
}
