import { hostname } from 'node:os';
import { LockHeldError, type LockHandle, type OctoStoreClient } from '@octostore/client';
import { printError } from '../action.js';
import type { RunningOptions } from '../client-command.js';
import { clientWith } from '../connection/access.js';
import { accessOf } from '../connection/connection.js';
import { notAcquired } from '../failure.js';
import { graceMsOf } from '../run/grace.js';
import { releaseUnlessAlive, runGuarded } from '../run/guarded.js';
import { Waiting } from '../run/waiting.js';
import { coolingOf, type CoolingOptions } from './cooling.js';
import { demandOf, type DemandOptions } from './demand.js';
import { describeNames, refuseNested, type Names } from './names.js';
import { announceRequests, type NotifyOptions } from './release-notice.js';
import { WaitingLine } from './waiting-line.js';

export interface RunOptions extends RunningOptions, DemandOptions, CoolingOptions, NotifyOptions {
  readonly ttl: number;
  readonly wait: number;
  readonly metadata?: string;
}

/** `octostore lock run NAMES -- COMMAND`: runs a command while locks are held under one lease. Returns the exit code. */
export async function runUnderLock(
  names: Names,
  [file = '', ...args]: readonly string[],
  options: RunOptions,
): Promise<number> {
  const ttlMs = options.ttl * 1000;
  const graceMs = graceMsOf(options.grace, ttlMs);
  refuseNested(names, options);
  const access = accessOf(options);
  const client = clientWith(access);
  const waiting = new Waiting();
  const lock = await acquireLock(client, names, options, waiting);
  if (lock === null) return waiting.exitCode ?? 0;
  const env = environmentOf(lock);
  const { passToken } = options;
  const lastRequest = { access, held: { lock: lock.name, leaseId: lock.leaseId } };
  const task = { what: describeNames(names), file, args, ttlMs, graceMs, env, passToken, lastRequest };
  const ending = await runGuarded(lock, task, waiting.trap, (command) =>
    announceRequests(lock, task, options, command),
  );
  if (ending.problem !== null) printError(ending.problem);
  await releaseUnlessAlive(ending, task, () => lock.release());
  return ending.exitCode;
}

/**
 * The environment variables that tell a command about the lease that it runs under. If no lock is counted, slots from an outer
 * `octostore lock run` must not look like its own.
 */
export function environmentOf({ locks, leaseId, fencingToken }: LockHandle): Record<string, string> {
  const slots = locks.flatMap((lock) => lock.slots ?? []);
  const hasSlots = slots.length > 0 || process.env['OCTOSTORE_SLOTS'] !== undefined;
  return {
    OCTOSTORE_LOCK: locks.map(({ name }) => name).join(','),
    OCTOSTORE_LEASE_ID: leaseId,
    OCTOSTORE_FENCING_TOKEN: String(fencingToken),
    ...(hasSlots ? { OCTOSTORE_SLOTS: slots.join(',') } : {}),
  };
}

/** A note for others: where the command runs. */
function thisProcess(): string {
  return `${hostname()}, process ${process.pid}`;
}

/** Acquires the locks. Returns null if a signal ended the wait. */
async function acquireLock(
  client: OctoStoreClient,
  names: Names,
  options: RunOptions,
  waiting: Waiting,
): Promise<LockHandle | null> {
  const line = new WaitingLine(client, names);
  try {
    const lock = await holdLocks(client, names, options, waiting.signal, line);
    if (waiting.exitCode === null) return lock;
    // The signal arrived together with the lock.
    await lock.close();
    return null;
  } catch (error) {
    if (waiting.exitCode !== null) return null;
    throw error instanceof LockHeldError ? notAcquired(error) : error;
  } finally {
    line.stop();
  }
}

function holdLocks(
  client: OctoStoreClient,
  names: Names,
  options: RunOptions,
  signal: AbortSignal,
  line: WaitingLine,
): Promise<LockHandle> {
  const { ttl: ttlSeconds, wait: waitSeconds, metadata = thisProcess() } = options;
  const onAsk = (leaseId: string): void => line.start(leaseId);
  const holding = { ttlSeconds, waitSeconds, metadata, ...coolingOf(options, options.ttl), signal, onAsk };
  const demand = demandOf(options);
  if (names.length === 1) return client.hold(names[0], { ...holding, ...demand });
  const locks = names.map((name) => ({ name, ...demand }));
  return client.holdAll(locks, holding);
}
