/** A grant or a renewal that the server has acknowledged; its request was sent and answered at monotonic times. */
export interface Acknowledged {
  readonly sentMs: number;
  readonly answeredMs: number;
  readonly ttlMs: number;
}

/** What one client was told about one lease. */
export class LeaseRecord {
  readonly ttlMs: number;
  readonly firstAnsweredMs: number;
  /** Nobody else may be granted the lock before: at the earliest the TTL began when the request was sent. */
  keptUntilMs = -Infinity;
  /** By then it has certainly ended, unless it was renewed: at the latest the TTL began when the answer came. */
  endsByMs = -Infinity;
  /** When somebody else was first told of a later grant of the lock. */
  succeededMs = Infinity;
  /** When the server first said that the lease is gone. */
  refusedMs = Infinity;
  /** Whether the holder has asked for its end. */
  isGivenBack = false;

  constructor(
    readonly token: number,
    { answeredMs, ttlMs }: Acknowledged,
  ) {
    this.ttlMs = ttlMs;
    this.firstAnsweredMs = answeredMs;
  }

  extend({ sentMs, answeredMs, ttlMs }: Acknowledged): void {
    this.keptUntilMs = Math.max(this.keptUntilMs, sentMs + ttlMs);
    this.endsByMs = Math.max(this.endsByMs, answeredMs + ttlMs);
  }

  succeed(atMs: number): void {
    this.succeededMs = Math.min(this.succeededMs, atMs);
  }

  /** By how much the next holder was told too early; 0 or less if it was not. */
  get earlyMs(): number {
    return this.isGivenBack ? 0 : this.keptUntilMs - this.succeededMs;
  }
}
