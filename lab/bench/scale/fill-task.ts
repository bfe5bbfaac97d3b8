/** What the process that fills a database is to do, as JSON in its first argument. */
export interface FillTask {
  readonly databasePath: string;
  readonly userId: string;
  readonly locks: number;
}

/** What it tells in the end. */
export interface FillResult {
  /** Of the state in memory, without anything that comes and goes. */
  readonly heapBytesPerLock: number;
}
