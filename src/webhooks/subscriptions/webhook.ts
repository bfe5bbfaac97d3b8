import type { Access } from '../../access/access.js';
import type { Actor } from '../../access/may.js';
import type { Scope } from '../../access/scope/scope.js';
import type { LockEventType } from '../../core/model/event.js';
import type { UserId } from '../../core/model/ids.js';
import type { Subject } from '../../core/model/subject.js';
import { typeFor, typesOf, type EventFilter, type EventTypes } from '../../events/event-types.js';
import { OctoStoreError } from '../../errors/octostore-error.js';
import type { LoggedEvent } from '../../journal/logged-event.js';
import type { WebhookRow } from '../../journal/rows/webhook-row.js';
import { LockPattern } from '../../access/patterns/lock-pattern.js';

/** The server calls a webhook that is active. It does not call a suspended one for now, and never calls a disabled one again. */
export const WEBHOOK_STATUSES = ['active', 'suspended', 'disabled'] as const;

export type WebhookStatus = (typeof WEBHOOK_STATUSES)[number];

/** Webhooks per user, active or not. */
export const WEBHOOKS_PER_USER_MAX = 10;

/** Why the server stopped calling a webhook, for its owner to read. */
export const DISABLED_REASONS = {
  gone: 'The receiver answered 410 Gone.',
  failing: 'Every attempt has failed for 5 days.',
  secretLost: "The signing secret can no longer be read, because the server's key has changed.",
} as const;

/** Knows what tokens with scopes may do at most, by their ids. */
export interface Makers {
  /** Grants nothing if the token is no longer valid. */
  scopeOf(tokenId: string): Scope;
}

/** A webhook, ready to be matched with events. It never changes: `with` makes another one. */
export class Webhook implements Actor {
  readonly row: Readonly<WebhookRow>;
  readonly events: readonly EventFilter[];
  readonly #types: EventTypes;
  readonly #pattern: LockPattern | null;
  readonly #makers: Makers;

  constructor(row: Readonly<WebhookRow>, makers: Makers) {
    this.row = row;
    this.#makers = makers;
    this.events = JSON.parse(row.events) as EventFilter[];
    this.#types = typesOf(this.events);
    this.#pattern = row.lockPattern === null ? null : new LockPattern(row.lockPattern);
  }

  get id(): string {
    return this.row.webhookId;
  }

  get userId(): UserId {
    return this.row.userId as UserId;
  }

  /** What its deliveries may show at most: what the token that made it may see at this moment. */
  get scope(): Scope | null {
    const { madeWith } = this.row;
    return madeWith === null ? null : this.#makers.scopeOf(madeWith);
  }

  /** Whether the webhook is neither disabled nor suspended. Only active webhooks are called. */
  get isActive(): boolean {
    return this.status === 'active';
  }

  get status(): WebhookStatus {
    if (this.row.disabledReason !== null) return 'disabled';
    return this.row.suspendedBy === null ? 'active' : 'suspended';
  }

  /** Whether an event is later than the webhook's creation and than the end of its last suspension. */
  startsBefore({ sequence }: Pick<LoggedEvent, 'sequence'>): boolean {
    return sequence > this.row.startsAfter;
  }

  /** Whether the webhook gets an event: the event is new enough, the filters match it, and the owner may see it. */
  wants(event: LoggedEvent, access: Access): boolean {
    return (
      this.startsBefore(event) &&
      this.typeOf(event) !== null &&
      this.#isAbout(event.subject) &&
      access.may(this, 'observe', event.subject)
    );
  }

  /** The type under which the webhook gets an event. Null if it wants no such events. */
  typeOf(event: LoggedEvent): LockEventType | null {
    return typeFor(event, this.#types);
  }

  #isAbout(subject: Subject): boolean {
    return subject.kind === 'lock' && (this.#pattern === null || this.#pattern.matches(subject.lockName));
  }

  /** Throws `webhook_disabled` or `webhook_suspended` if the webhook is not active. */
  assertActive(): void {
    if (this.status === 'disabled') throw new OctoStoreError('webhook_disabled');
    if (this.status === 'suspended') throw new OctoStoreError('webhook_suspended');
  }

  with(changes: Partial<WebhookRow>): Webhook {
    return new Webhook({ ...this.row, ...changes }, this.#makers);
  }
}
