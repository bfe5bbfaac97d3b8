import { Logger } from '@nestjs/common';
import type { Accounts } from '../../auth/accounts.js';
import type { UserId } from '../../core/model/ids.js';
import { RowChanges } from '../../journal/row-changes.js';
import type { Suspension } from '../../journal/rows/webhook-row.js';
import type { LockStore } from '../../store/lock-store.js';
import type { WebhookRegistry } from '../subscriptions/webhook-registry.js';
import type { Webhook } from '../subscriptions/webhook.js';

/** Operators know these log lines by this context. */
const logger = new Logger('WebhookSuspensions');

/** The part of `Accounts` that knows which tokens are valid. */
type TokenHolders = Pick<Accounts, 'hasValidToken' | 'hasTokenWithScopes'>;

/** Who made a webhook: a user, and the token if it had scopes. */
export interface Maker {
  readonly userId: UserId;
  readonly madeWith: string | null;
}

/**
 * Why the server must suspend a webhook, or null if it must not. Its owner must have a valid token, and the token with scopes that made
 * it must still be valid.
 */
export function reasonToSuspend(owners: TokenHolders, { userId, madeWith }: Maker): Suspension | null {
  const mayBeActive =
    owners.hasValidToken(userId) && (madeWith === null || owners.hasTokenWithScopes(madeWith));
  return mayBeActive ? null : 'no_valid_token';
}

export function makerOfWebhook({ userId, row: { madeWith } }: Webhook): Maker {
  return { userId, madeWith };
}

/** Suspends a webhook, or changes the reason. This takes effect at once, and is durable once you have written these rows. */
export function suspend(
  webhook: Webhook,
  suspendedBy: Suspension,
  registry: WebhookRegistry,
  rows: RowChanges,
): Webhook {
  const suspended = webhook.with({ suspendedBy });
  registry.put(suspended, rows);
  logger.log({ message: 'A webhook was suspended', ...factsOf(suspended) });
  return suspended;
}

/** Suspends the webhooks whose owners or makers have lost their tokens since the last term, before anything is queued or sent. */
export async function suspendOrphans(
  registry: WebhookRegistry,
  owners: TokenHolders,
  store: LockStore,
): Promise<void> {
  const rows = new RowChanges();
  for (const webhook of registry.active()) {
    const reason = reasonToSuspend(owners, makerOfWebhook(webhook));
    if (reason !== null) suspend(webhook, reason, registry, rows);
  }
  if (rows.of('webhooks').put.length > 0) await store.write(rows);
}

/** The fields of the log line when a webhook is suspended or resumed. */
export function factsOf({ id, userId, row: { suspendedBy } }: Webhook): object {
  return { webhookId: id, userId, suspendedBy };
}
