import type { Patch } from '../../kit/server/test-build.js';

/**
 * The program with another sense of time towards receivers, so that hours of retries pass in seconds: retries after 10 ms,
 * 600 ms, 3.6 s and so on, and two and a half seconds of patience with a call. Nothing else is changed.
 */
export const HURRIED: readonly Patch[] = [
  {
    file: 'webhooks/delivery/retry-schedule.js',
    find: 'const SECOND = 1_000;',
    replace: 'const SECOND = 2;',
  },
  { file: 'webhooks/transport/receiver-connection.js', find: 'totalMs: 15_000', replace: 'totalMs: 2_500' },
];
