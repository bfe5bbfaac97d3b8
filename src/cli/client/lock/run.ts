import { LockHeldError, type LockHandle, type OctoStoreClient } from '@octostore/client';
import { printError } from '../action.js';
import type { RunningOptions } from '../client-command.js';
import { connect } from '../connection/connection.js';
import { notAcquired } from '../failure.js';
import { graceMsOf } from '../run/grace.js';
import { releaseUnlessAlive, runGuarded } from '../run/guarded.js';
import { Waiting } from '../run/waiting.js';

export interface RunOptions extends RunningOptions {
  readonly ttl: number;
  readonly wait: number;
  readonly metadata?: string;
}

/** `octostore lock run NAME -- COMMAND`: runs a command while a lock is held. Returns the exit code. */
export async function runUnderLock(
  name: string,
  [file = '', ...args]: readonly string[],
  options: RunOptions,
): Promise<number> {
  const ttlMs = options.ttl * 1000;
  const graceMs = graceMsOf(options.grace, ttlMs);
  const client = connect(options);
  const waiting = new Waiting();
  const lock = await acquireLock(client, name, options, waiting);
  if (lock === null) return waiting.exitCode ?? 0;
  const env = environmentOf(lock);
  const task = { what: `the lock ${name}`, file, args, ttlMs, graceMs, env, passToken: options.passToken };
  const ending = await runGuarded(lock, task, waiting.trap);
  if (ending.problem !== null) printError(ending.problem);
  await releaseUnlessAlive(ending, task, () => lock.release());
  return ending.exitCode;
}

/** The environment variables that tell a command about the lock that it runs under. */
export function environmentOf({ name, leaseId, fencingToken }: LockHandle): Record<string, string> {
  return {
    OCTOSTORE_LOCK: name,
    OCTOSTORE_LEASE_ID: leaseId,
    OCTOSTORE_FENCING_TOKEN: String(fencingToken),
  };
}

/** Acquires the lock. Returns null if a signal ended the wait. */
async function acquireLock(
  client: OctoStoreClient,
  name: string,
  { ttl, wait, metadata }: RunOptions,
  waiting: Waiting,
): Promise<LockHandle | null> {
  try {
    const holding = { ttlSeconds: ttl, waitSeconds: wait, metadata, signal: waiting.signal };
    const lock = await client.hold(name, holding);
    if (waiting.exitCode === null) return lock;
    // The signal arrived together with the lock.
    await lock.close();
    return null;
  } catch (error) {
    if (waiting.exitCode !== null) return null;
    throw error instanceof LockHeldError ? notAcquired(error) : error;
  }
}
