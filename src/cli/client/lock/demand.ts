import type { LockDemand } from '@octostore/client';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { EXIT } from '../../shared/exit-codes.js';
import { CommandFailure } from '../failure.js';

/** How to hold a lock: alone, unless these say otherwise. */
export interface DemandOptions {
  readonly shared?: boolean;
  readonly limit?: number;
  readonly permits?: number;
}

/** Adds how to hold a lock. */
export function withDemand(command: Command): Command {
  return command
    .addOption(
      new Option('--shared', 'hold the lock together with all others that say --shared').conflicts([
        'limit',
        'permits',
      ]),
    )
    .option('--limit <number>', 'make the lock counted: it has this many permits', atLeastOne)
    .option(
      '--permits <number>',
      'how many permits of a counted lock to hold (default: 1; needs --limit)',
      atLeastOne,
    );
}

/** Throws `CommandFailure` if there are permits without a limit. */
export function demandOf({ shared = false, limit, permits }: DemandOptions): LockDemand {
  if (permits !== undefined && limit === undefined)
    throw new CommandFailure('--permits needs --limit. Give both, or neither.', EXIT.usage);
  return shared ? { mode: 'shared' } : { limit, permits };
}

/** Parses a whole number of at least 1. Throws `InvalidArgumentError`. */
export function atLeastOne(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Give a whole number of at least 1.');
}
