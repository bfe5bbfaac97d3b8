import { Logger } from '@nestjs/common';
import type { Clock } from '../../clock/clock.js';
import { endOfTerm, type TermEndedError } from '../../journal/errors.js';
import type { LockStore } from '../../store/lock-store.js';
import { EXIT } from '../shared/exit-codes.js';
import { exitAfterLog } from './exit-after-log.js';

/** How long the answers to a failed commit may take to reach their clients, in milliseconds. */
const LAST_ANSWERS_MS = 500;

const logger = new Logger('Server');

/**
 * Ends the process if a change cannot be written.
 *
 * @param onTermEnded called instead if the reason is that the term is over.
 */
export function exitWhenStoreFails(
  store: LockStore,
  clock: Clock,
  onTermEnded: (ended: TermEndedError) => void,
): void {
  store.observe({
    failed: (error) => {
      const ended = endOfTerm(error);
      if (ended !== null) return onTermEnded(ended);
      logger.fatal({
        message:
          'A change could not be written. The server stops now, and reloads from disk at its next start',
        error,
      });
      clock.after(LAST_ANSWERS_MS, () => exitAfterLog(EXIT.storeFailed));
    },
  });
}
