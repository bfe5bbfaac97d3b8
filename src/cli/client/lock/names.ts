import { EXIT } from '../../shared/exit-codes.js';
import { CommandFailure } from '../failure.js';
import type { DemandOptions } from './demand.js';

/** The names of one or several locks. */
export type Names = readonly [string, ...string[]];

/** The names in a list such as `a,b,c`. The server and its client check each of them. */
export function namesOf(list: string): Names {
  const [first = '', ...others] = list.split(',').map((name) => name.trim());
  return [first, ...others];
}

/**
 * Throws `CommandFailure` if there is more than one argument before `--`: that could be several locks, or a command.
 *
 * @param line all arguments of the command line.
 * @param command what commander found after the name.
 */
export function expectOneArgument(line: readonly string[], command: readonly string[]): void {
  const dashes = line.indexOf('--');
  if (dashes === -1 || command.length <= line.length - dashes - 1) return;
  throw new CommandFailure(
    'There is more than one argument before "--". For several locks, give their names with commas: octostore lock run a,b -- COMMAND.',
    EXIT.usage,
  );
}

/** What holding these locks is called in messages. */
export function describeNames(names: Names): string {
  return names.length === 1 ? `the lock ${names[0]}` : `the lease of ${names.join(', ')}`;
}

/**
 * Throws `CommandFailure` if the command would wait for itself: it runs under `octostore lock run` of a lock that it wants to hold
 * alone.
 */
export function refuseNested(names: Names, { shared = false, limit }: DemandOptions): void {
  const outer = (process.env['OCTOSTORE_LOCK'] ?? '').split(',');
  const nested = names.find((name) => name !== '' && outer.includes(name));
  if (nested === undefined || shared || limit !== undefined) return;
  throw new CommandFailure(
    `This command already runs under the lock ${nested} (OCTOSTORE_LOCK), so it would wait for itself. Use another lock, or unset OCTOSTORE_LOCK if it is the lock of another server.`,
    EXIT.usage,
  );
}
