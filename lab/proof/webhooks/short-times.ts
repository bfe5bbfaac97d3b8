import type { Patch } from '../../kit/server/test-build.js';

/**
 * Shortens the times towards receivers, so that hours of retries take seconds: retries after 10 ms, 600 ms, 3.6 s and so on, and
 * a timeout of 2.5 s per call. It changes nothing else.
 */
export const SHORT_TIMES: readonly Patch[] = [
  {
    file: 'webhooks/delivery/retry-schedule.js',
    find: 'const SECOND = 1_000;',
    replace: 'const SECOND = 2;',
  },
  { file: 'webhooks/transport/receiver-connection.js', find: 'totalMs: 15_000', replace: 'totalMs: 2_500' },
];
