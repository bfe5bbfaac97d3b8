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
}
