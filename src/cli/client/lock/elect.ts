import type { LockHandle } from '@octostore/client';
import { printError } from '../action.js';
import type { RunningOptions } from '../client-command.js';
import { clientWith } from '../connection/access.js';
import { accessOf } from '../connection/connection.js';
import { graceMsOf } from '../run/grace.js';
import { releaseUnlessAlive, runGuarded } from '../run/guarded.js';
import { Waiting } from '../run/waiting.js';
import { coolingOf, type CoolingOptions } from './cooling.js';
import { announceRequests, type NotifyOptions } from './release-notice.js';
import { environmentOf } from './run.js';

export interface ElectOptions extends RunningOptions, CoolingOptions, NotifyOptions {
  readonly ttl: number;
  readonly metadata?: string;
}

/**
 * `octostore elect NAME -- COMMAND`: waits until this process leads, then runs a command while it leads. If leadership is
 * lost, it waits again. Ends when the command ends on its own, or on a signal. Returns the exit code.
 */
export async function runWhileLeading(
  name: string,
  [file = '', ...args]: readonly string[],
  options: ElectOptions,
): Promise<number> {
  const { ttl, metadata, grace, passToken } = options;
  const ttlMs = ttl * 1000;
  const graceMs = graceMsOf(grace, ttlMs);
  const cooling = coolingOf(options, ttl);
  const access = accessOf(options);
  const client = clientWith(access);
  const waiting = new Waiting();
  return new Promise((resolve, reject) => {
    const lead = async (lock: LockHandle): Promise<void> => {
      const env = environmentOf(lock);
      const lastRequest = { access, held: { lock: name, leaseId: lock.leaseId } };
      const task = { what: `the lock ${name}`, file, args, ttlMs, graceMs, env, passToken, lastRequest };
      const ending = await runGuarded(lock, task, waiting.trap, (command) =>
        announceRequests(lock, task, options, command),
      );
      if (ending.problem !== null) printError(ending.problem);
      // Returning would release the lock.
      if (!ending.isGone) process.exit(ending.exitCode);
      if (ending.isLost && !waiting.trap.wasToldToEnd) return waiting.resume();
      waiting.stop();
      await releaseUnlessAlive(ending, task, () => lock.release());
      resolve(ending.exitCode);
    };
    client
      .elect(name, { ttlSeconds: ttl, metadata, ...cooling, signal: waiting.signal }, lead)
      .then(() => resolve(waiting.exitCode ?? 0), reject);
  });
}
