import type { Patch } from '../../kit/server/test-build.js';

/** The program with endless patience for a call: whoever waits for a receiver that hangs waits for ever. */
export const PATIENT: readonly Patch[] = [
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
