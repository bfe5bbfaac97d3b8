/** The task of the process that fills a database, as JSON in its first argument. */
export interface FillTask {
  readonly databasePath: string;
  readonly userId: string;
  readonly locks: number;
}

/** What it reports at the end. */
export interface FillResult {
  /** Memory of the state, without temporary objects. */
  readonly heapBytesPerLock: number;
}
