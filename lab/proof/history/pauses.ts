import { setTimeout as delay } from 'node:timers/promises';
import { pause } from '../../../src/process/time.js';
import type { Random } from '../../kit/random.js';
import type { RestartedServer } from '../../kit/server/restarted-server.js';

export interface PausePlan {
  readonly everyMs: number;
  readonly longestMs: number;
}

/** Stops the whole server process from time to time, as a machine does that swaps or moves. Returns how often. */
export async function pauseAgainAndAgain(
  server: RestartedServer,
  dice: Random,
  { everyMs, longestMs }: PausePlan,
  stop: AbortSignal,
): Promise<number> {
  let pauses = 0;
  for (;;) {
    await delay(dice.between(0.5, 1.5) * everyMs, undefined, { signal: stop }).catch(() => undefined);
    if (stop.aborted) return pauses;
    server.signal('SIGSTOP');
    await pause(dice.between(10, longestMs));
    server.signal('SIGCONT');
    pauses += 1;
  }
}
