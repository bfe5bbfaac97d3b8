/** Why a webhook is suspended: an operator suspended it, or its owner has no valid token. */
export const SUSPENSIONS = ['operator', 'no_valid_token'] as const;

export type Suspension = (typeof SUSPENSIONS)[number];

/** Whether a failing delivery holds up later ones, or is retried alongside them. */
export const ORDERINGS = ['in_order', 'none'] as const;

export type Ordering = (typeof ORDERINGS)[number];

/** A webhook. Times are in wall-clock milliseconds. */
export interface WebhookRow {
  webhookId: string;

  userId: string;

  url: string;

  /** The signing secret, encrypted with the server's key. Null if the owner did not set one. */
  sealedSecret: string | null;

  /** The event types, as a JSON array. */
  events: string;

  lockPattern: string | null;

  /** The webhook receives events after this sequence. */
  startsAfter: number;

  /** Why the server stopped delivering. Null while the webhook is active. */
  disabledReason: string | null;

  /** Why the webhook is suspended. Null if it is not. */
  suspendedBy: Suspension | null;

  ordering: Ordering;

  /**
   * When the current run of failures began: every attempt since has failed, and the queue was never empty. An instant of the
   * timeline.
   */
  failingSince: number | null;

  createdAt: number;

  /** When the owner deleted the webhook. The row is kept until all its deliveries have been removed. */
  deletedAt: number | null;

  /** The id of the token with scopes that made it. Null if the token had none. */
  madeWith: string | null;
}
