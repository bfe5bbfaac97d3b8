export interface LeaseRow {
  fencingToken: number;

  lockName: string;

  leaseId: string;

  userId: string;

  sessionId: string | null;

  ttlSeconds: number;

  /** An instant of the timeline. */
  deadline: number;

  metadata: string | null;

  /** JSON, see `lease-terms.ts`. Null if the lease holds one lock, exclusively. */
  terms: string | null;
}
