/** What a server holds right after all garbage was collected. */
export interface ProbeReport {
  /** Bytes on the heap and outside it that something refers to. */
  readonly memory: number;
  /** Bytes that the process has of the machine. */
  readonly resident: number;
  /** Open files and sockets. */
  readonly descriptors: number;
  /** Whatever keeps the event loop alive: sockets, requests to the file system, timers. */
  readonly resources: number;
}
