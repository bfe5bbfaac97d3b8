/** What the charts show, with the unit in the name. One truth for the samples and for the API document. */
export const SERIES = {
  requests_per_second: 'Requests of any kind, per second.',
  commands_per_second: 'Commands that were committed, per second.',
  command_p50_ms:
    'The median time of requests that renew, release or keep something alive, or advance a fence, in milliseconds. Acquires are left out, because their time includes the wait in line.',
  command_p95_ms: 'The same for the 95th percentile.',
  command_p99_ms: 'The same for the 99th percentile.',
  commit_p50_ms: 'The median time that a group commit took, including the disk sync, in milliseconds.',
  commit_p99_ms: 'The same for the 99th percentile.',
  locks_held: 'Locks that are held.',
  waiters: 'Requests that are waiting for locks.',
  sessions: 'Sessions that are alive.',
  streams: 'Open event streams.',
  overloaded_per_second: 'Requests answered with 503, such as those refused under load, per second.',
  rate_limited_per_second: 'Requests answered with 429, per second.',
  deliveries_per_second: 'Calls to webhook receivers that succeeded, per second.',
  delivery_failures_per_second: 'Calls to webhook receivers that failed, per second.',
  event_loop_delay_p99_ms: 'How late a timer of the server runs, in milliseconds: the 99th percentile.',
  memory_bytes: 'The memory that the process occupies.',
  heap_bytes: 'The memory that JavaScript objects occupy.',
} as const;

export type SeriesName = keyof typeof SERIES;

export const SERIES_NAMES = Object.keys(SERIES) as readonly SeriesName[];

/** A value of each series. Null if there was nothing to measure. */
export type Sample = Readonly<Record<SeriesName, number | null>>;
