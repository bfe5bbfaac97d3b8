import type { Patch } from '../../kit/server/test-build.js';

/** Makes the timeouts of a call practically endless, so that anything that waits for a hanging receiver waits forever. */
export const LONG_TIMEOUTS: readonly Patch[] = [
  {
    file: 'webhooks/transport/receiver-connection.js',
    find: 'connectMs: 5_000',
    replace: 'connectMs: 86_400_000',
  },
  {
    file: 'webhooks/transport/receiver-connection.js',
    find: 'totalMs: 15_000',
    replace: 'totalMs: 86_400_000',
  },
];
