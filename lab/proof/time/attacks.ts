import type { Random } from '../../kit/random.js';
import { nowMs, pause } from '../../../src/process/time.js';
import type { History } from '../../kit/history/history.js';
import type { BuiltServer } from '../../kit/server/built-server.js';
import type { FakeWallClock } from './fake-wall-clock.js';

const DAY_SECONDS = 86_400;

/** Beyond 2038, when 32-bit seconds overflow. */
const FAR_FUTURE_SECONDS = 15 * 365 * DAY_SECONDS;

/** Moves the wall clock by seconds to weeks, back and forth, every few hundred milliseconds. */
export async function moveWallClock(clock: FakeWallClock, random: Random, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    clock.set(anyOffset(random));
    await pause(random.between(50, 500));
  }
}

/** Kills or stops the server, sets the wall clock while it is down, and restarts it. */
export async function restart(
  server: BuiltServer,
  { clock, random, history }: { clock: FakeWallClock; random: Random; history: History },
  downtimeMsMax: number,
): Promise<void> {
  await server.end(random.chance(0.5) ? 'SIGKILL' : 'SIGTERM');
  history.serverDied(nowMs());
  clock.set(anyOffset(random));
  await pause(random.between(0, downtimeMsMax));
  await server.start();
}

/** Pauses the process for a while, as swapping or a migration would. */
export async function freeze(server: BuiltServer, forMs: number): Promise<void> {
  server.signal('SIGSTOP');
  await pause(forMs);
  server.signal('SIGCONT');
}

/** Seconds to weeks, forward or back. Rarely years. */
export function anyOffset(random: Random): number {
  if (random.chance(0.05)) return FAR_FUTURE_SECONDS;
  const magnitude = 10 ** random.between(0, Math.log10(60 * DAY_SECONDS));
  return random.chance(0.5) ? magnitude : -magnitude;
}
