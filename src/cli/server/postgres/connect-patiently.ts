import { Logger } from '@nestjs/common';
import type { Clock } from '../../../clock/clock.js';
import { mayPass, reasonOf } from './problems.js';

const FIRST_PAUSE_MS = 250;
const PAUSE_MS_MAX = 5_000;

/** Operators know these log lines by this context. */
const logger = new Logger('Server');

interface Patience {
  readonly clock: Clock;
  /** What log lines call the database. */
  readonly database: string;
}

/**
 * Connects to a database, however long that takes. Logs once why it waits, and again if the reason changes. Throws if waiting cannot
 * help, for example because the password is wrong.
 */
export async function connectPatiently<T>(connect: () => Promise<T>, patience: Patience): Promise<T> {
  let logged: string | null = null;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, PAUSE_MS_MAX)) {
    try {
      return await connect();
    } catch (error) {
      if (!mayPass(error)) throw error;
      logged = logReason(reasonOf(error), logged, patience.database);
    }
    await patience.clock.pause(pauseMs);
  }
}

function logReason(reason: string, logged: string | null, database: string): string {
  if (reason !== logged)
    logger.warn({ message: 'The database cannot be used yet. The server waits for it', database, reason });
  return reason;
}
