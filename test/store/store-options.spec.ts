import { expect, test } from 'vitest';
import type { Config } from '../../src/config/config.js';
import { storeOptionsOf } from '../../src/store/store-options.js';

test('each option of the store is the setting with its name', () => {
  const config = {
    MAX_LOCKS: 1,
    MAX_LOCKS_PER_USER: 2,
    MAX_SESSIONS: 3,
    MAX_SESSIONS_PER_USER: 4,
    MAX_WAITERS: 5,
    MAX_WAITERS_PER_USER: 6,
    MAX_FENCES: 10,
    MAX_FENCES_PER_USER: 11,
    RESTART_GRACE_SECONDS: 7,
    EVENT_RETENTION: 8,
    MAX_PENDING_COMMANDS: 9,
    CONFIRMED_READS: true,
  } as Config;
  expect(storeOptionsOf(config)).toEqual({
    maxLocks: 1,
    maxLocksPerUser: 2,
    maxSessions: 3,
    maxSessionsPerUser: 4,
    maxWaiters: 5,
    maxWaitersPerUser: 6,
    maxFences: 10,
    maxFencesPerUser: 11,
    restartGraceSeconds: 7,
    eventRetention: 8,
    maxPendingCommands: 9,
    confirmedReads: true,
  });
});
