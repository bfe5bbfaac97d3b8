/** A request that reached the proxy, and its answer. Times are on the runner's monotonic clock. */
export interface Exchange {
  readonly operation: string;
  readonly method: string;
  /** Decoded. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  /** When the complete request had arrived. */
  readonly atMs: number;
  /** The status that the driver received; null if there is none, or not yet. */
  status: number | null;
}
