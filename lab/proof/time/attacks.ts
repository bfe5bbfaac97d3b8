import type { Random } from '../../kit/random.js';
import { nowMs, pause } from '../../../src/process/time.js';
import type { History } from '../../kit/history/history.js';
import type { BuiltServer } from '../../kit/server/built-server.js';
import type { FakeWallClock } from './fake-wall-clock.js';

const DAY_SECONDS = 86_400;

/** Beyond 2038, where 32 bits of seconds end. */
const FAR_FUTURE_SECONDS = 15 * 365 * DAY_SECONDS;

/** Sets the wall clock by seconds to weeks, in both directions, every few hundred milliseconds. */
export async function throwWallClockAbout(
  clock: FakeWallClock,
  dice: Random,
  stop: AbortSignal,
): Promise<void> {
  while (!stop.aborted) {
    clock.set(anyOffset(dice));
    await pause(dice.between(50, 500));
  }
}

/** Ends the server, one way or the other, sets the wall clock while it is down, and starts it again. */
export async function restart(
  server: BuiltServer,
  { clock, dice, history }: { clock: FakeWallClock; dice: Random; history: History },
  downAtMostMs: number,
): Promise<void> {
  await server.end(dice.chance(0.5) ? 'SIGKILL' : 'SIGTERM');
  history.serverDied(nowMs());
  clock.set(anyOffset(dice));
  await pause(dice.between(0, downAtMostMs));
  await server.start();
}

/** Stops the whole process for a while, as a machine does that swaps or is moved. */
export async function freeze(server: BuiltServer, forMs: number): Promise<void> {
  server.signal('SIGSTOP');
  await pause(forMs);
  server.signal('SIGCONT');
}

function anyOffset(dice: Random): number {
  if (dice.chance(0.05)) return FAR_FUTURE_SECONDS;
  const magnitude = 10 ** dice.between(0, Math.log10(60 * DAY_SECONDS));
  return dice.chance(0.5) ? magnitude : -magnitude;
}
