import type { Clock } from '../clock/clock.js';
import type { ServerRow } from '../journal/rows/server-row.js';
import type { Succession } from '../journal/succession.js';

/** The part of the timeline that must survive a restart. */
export type TimeAnchor = Pick<ServerRow, 'bootId' | 'monotonicOffset' | 'wallSkew'>;

/** Where the timeline of a new term starts: instant minus monotonic clock, in whole milliseconds. It never goes back. */
export function lineStart(
  clock: Clock,
  stored: TimeAnchor & { readonly lastInstant: number },
  succession: Succession,
): number {
  const offset = succession.kind === 'restart' ? sinceRestart(clock, stored) : succession.lineOffsetMs;
  return Math.max(offset, Math.ceil(stored.lastInstant - clock.monotonicMs()));
}

/** In the same boot of the machine the line goes on. After a reboot, only the wall clock can tell how much time has passed. */
function sinceRestart(clock: Clock, { bootId, monotonicOffset, wallSkew }: TimeAnchor): number {
  const isSameBoot = bootId !== null && bootId === clock.bootId();
  return isSameBoot ? monotonicOffset : Math.ceil(clock.wallMs() - wallSkew - clock.monotonicMs());
}
