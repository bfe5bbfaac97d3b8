import { COOLING_RULES, RULES, type LeaseOptions } from '@octostore/client';
import type { Command } from 'commander';
import { EXIT } from '../../shared/exit-codes.js';
import { wholeSeconds } from '../../shared/durations.js';
import { CommandFailure } from '../failure.js';

/** For how long no one gets a lock, in seconds. */
export interface CoolingOptions {
  /** After its lease has expired or was broken. */
  readonly lockDelay?: number;
  /** After it was granted. */
  readonly minHold?: number;
}

/** Adds for how long no one gets a lock. */
export function withCooling(command: Command): Command {
  return command
    .option(
      '--lock-delay <time>',
      `how long no one gets the lock after its lease has expired or was broken, at most ${COOLING_RULES.lock_delay_seconds_max}s (default: 0s)`,
      wholeSeconds({ min: 0, max: COOLING_RULES.lock_delay_seconds_max }),
    )
    .option(
      '--min-hold <time>',
      'how long no one else gets the lock after it was granted, even if it is released sooner (default: 0s)',
      wholeSeconds({ min: 0, max: RULES.ttl_seconds_max }),
    );
}

/** The same for the SDK. Throws `CommandFailure` if the minimum hold is longer than the TTL, in seconds. */
export function coolingOf(
  { lockDelay, minHold }: CoolingOptions,
  ttl: number,
): Pick<LeaseOptions, 'lockDelaySeconds' | 'minHoldSeconds'> {
  if (minHold === undefined || minHold <= ttl)
    return { lockDelaySeconds: lockDelay, minHoldSeconds: minHold };
  throw new CommandFailure(
    `--min-hold is ${minHold} s, but the TTL is only ${ttl} s. Give at most the TTL, or a longer --ttl.`,
    EXIT.usage,
  );
}
