/** What a server uses right after garbage collection. */
export interface ProbeReport {
  /** Live bytes, on the heap and outside it. */
  readonly memory: number;
  /** Resident memory, in bytes. */
  readonly resident: number;
  /** Open files and sockets. */
  readonly descriptors: number;
  /** What keeps the event loop alive: sockets, file operations, timers. */
  readonly resources: number;
}
