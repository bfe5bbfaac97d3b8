import { setTimeout as delay } from 'node:timers/promises';
import { pause } from '../../../src/process/time.js';
import type { Random } from '../../kit/random.js';
import type { RestartedServer } from '../../kit/server/restarted-server.js';

export interface PausePlan {
  readonly everyMs: number;
  readonly longestMs: number;
}

/** Pauses the server process from time to time, as swapping or a migration would. Returns the number of pauses. */
export async function pauseRepeatedly(
  server: RestartedServer,
  random: Random,
  { everyMs, longestMs }: PausePlan,
  stop: AbortSignal,
): Promise<number> {
  let pauses = 0;
  for (;;) {
    await delay(random.between(0.5, 1.5) * everyMs, undefined, { signal: stop }).catch(() => undefined);
    if (stop.aborted) return pauses;
    server.signal('SIGSTOP');
    await pause(random.between(10, longestMs));
    server.signal('SIGCONT');
    pauses += 1;
  }
}
