/** Why a webhook is suspended: an operator wants it so, or its owner has no valid token. */
export const SUSPENSIONS = ['operator', 'no_valid_token'] as const;

export type Suspension = (typeof SUSPENSIONS)[number];

/** Whether a failing event holds up the later ones, or is retried beside them. */
export const ORDERINGS = ['in_order', 'none'] as const;

export type Ordering = (typeof ORDERINGS)[number];

/** A webhook. Times are wall-clock milliseconds. */
export interface WebhookRow {
  webhookId: string;

  userId: string;

  url: string;

  /** The signing secret, sealed with the server's key; null when the owner set none. */
  sealedSecret: string | null;

  /** The event types, as a JSON array. */
  events: string;

  lockPattern: string | null;

  /** Events after this sequence concern the webhook. */
  startsAfter: number;

  /** Why the server stopped delivering; null while the webhook is active. */
  disabledReason: string | null;

  /** Why the webhook is suspended; null while it is not. */
  suspendedBy: Suspension | null;

  ordering: Ordering;

  /** Since when every attempt has failed, without the queue ever running empty. An instant of the time line. */
  failingSince: number | null;

  createdAt: number;

  /** When its owner deleted it. The row stays until the last of its deliveries has been cleared away. */
  deletedAt: number | null;
}
