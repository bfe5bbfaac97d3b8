import { LockHeldError } from '@octostore/client';
import type { ClientOptions } from '../client-command.js';
import { connect } from '../connection/connection.js';
import { notAcquired } from '../failure.js';
import type { Output } from '../../shared/output.js';
import { Waiting } from '../run/waiting.js';
import { coolingOf, type CoolingOptions } from './cooling.js';
import { demandOf, type DemandOptions } from './demand.js';
import { describe, describeQueue, locksTable } from './describe.js';
import { failIfLost, leaseIdOf, type LeaseOptions } from './own-lease.js';

interface ProofOptions {
  readonly proof?: boolean;
}

export interface AcquireOptions extends ClientOptions, DemandOptions, CoolingOptions, ProofOptions {
  readonly ttl: number;
  readonly wait: number;
  readonly metadata?: string;
  readonly leaseId?: string;
  readonly session?: string;
}

/** `octostore lock acquire NAME`. Returns an exit code if a signal ended the wait. */
export async function acquire(name: string, options: AcquireOptions, output: Output): Promise<number | void> {
  const { ttl: ttlSeconds, wait: waitSeconds, metadata, leaseId, session: sessionId, proof } = options;
  const client = connect(options);
  const waiting = new Waiting();
  const { signal } = waiting;
  const lease = { ttlSeconds, waitSeconds, metadata, leaseId, sessionId, proof, signal };
  const request = { ...lease, ...demandOf(options), ...coolingOf(options, ttlSeconds) };
  try {
    const granted = await client.acquire(name, request);
    output.show(granted, () => describe(granted));
  } catch (error) {
    if (waiting.exitCode !== null) return waiting.exitCode;
    throw error instanceof LockHeldError ? notAcquired(error) : error;
  }
}

export interface RenewOptions extends LeaseOptions, ProofOptions {
  readonly ttl: number;
}

/** `octostore lock renew NAME`. */
export async function renew(name: string, options: RenewOptions, output: Output): Promise<void> {
  const { ttl, proof } = options;
  const lease = await failIfLost(name, connect(options).renew(name, leaseIdOf(options), ttl, { proof }));
  output.show(lease, () => describe(lease));
}

/** `octostore lock release NAME`. */
export async function release(name: string, options: LeaseOptions, output: Output): Promise<void> {
  await failIfLost(name, connect(options).release(name, leaseIdOf(options)));
  output.show({ status: 'released', name }, () => `released ${name}`);
}

/** `octostore lock status NAME`. */
export async function status(name: string, options: ClientOptions, output: Output): Promise<void> {
  const found = await connect(options).lockStatus(name);
  output.show(found, () => describe(found));
}

/** `octostore lock queue NAME`. */
export async function queue(name: string, options: ClientOptions, output: Output): Promise<void> {
  const found = await connect(options).queue(name);
  output.show(found, () => describeQueue(found));
}

interface ListOptions extends ClientOptions {
  readonly prefix?: string;
  readonly mine?: boolean;
}

/** `octostore lock list`. */
export async function list(options: ListOptions, output: Output): Promise<void> {
  const { prefix, mine = false } = options;
  const locks = await connect(options).listLocks({ prefix, owner: mine ? 'me' : undefined });
  output.show({ locks }, () => (locks.length === 0 ? 'no locks are held' : locksTable(locks)));
}
