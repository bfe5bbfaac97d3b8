import { Logger } from '@nestjs/common';
import type { Clock } from '../../../clock/clock.js';
import type { SharedDatabase } from '../../../journal/shared-database.js';

/** Taking over from a server that has stopped takes less. */
const SILENT_MS = 1_000;

/** Operators know these log lines by this context. */
const logger = new Logger('Server');

/** Runs `begin`, which begins a term. If it has to wait because another server leads, logs that once. */
export async function announceWaiting<T>(
  begin: () => Promise<T>,
  database: SharedDatabase,
  clock: Clock,
): Promise<T> {
  const cancel = clock.after(SILENT_MS, () => void logLeader(database).catch(() => undefined));
  try {
    return await begin();
  } finally {
    cancel();
  }
}

async function logLeader(database: SharedDatabase): Promise<void> {
  const leader = await database.leader();
  if (leader === null) return;
  logger.log({
    message:
      'Another server leads on this database. This one waits until that one stops, or has been gone for 3 seconds',
    leader: leader.url,
  });
}
