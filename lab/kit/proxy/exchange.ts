/** A request that reached the proxy, and what came of it. Times are on the runner's monotonic clock. */
export interface Exchange {
  readonly operation: string;
  readonly method: string;
  /** Decoded. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  /** When the whole request had come. */
  readonly atMs: number;
  /** What the driver was answered; null if nothing, or not yet. */
  status: number | null;
}
