import { LockHandle } from './lock.js';
import type { AcquireOptions, Granted, LockApi } from './lock-api.js';
import { RULES } from './rules.js';
import type { SessionHandle } from './session.js';
import { nowMs } from './time.js';

export interface HoldOptions extends Omit<AcquireOptions, 'leaseId' | 'sessionId'> {
  /** Ties the lock to a session, with which it is lost at the latest. */
  readonly session?: SessionHandle | undefined;
}

/** Acquires a lock and keeps it. */
export async function hold(
  api: LockApi,
  name: string,
  { session, ...options }: HoldOptions,
  timeoutMs: number,
): Promise<LockHandle> {
  const { ttlSeconds = RULES.ttl_seconds_default } = options;
  const granted = await api.acquire(name, { ...options, ttlSeconds, sessionId: session?.sessionId });
  const { lease, sentAtMs } = await freshened(api, granted, ttlSeconds);
  const ttlMs = ttlSeconds * 1000;
  return new LockHandle(api, lease, { ttlMs, provedAtMs: sentAtMs, timeoutMs, within: session?.keeper });
}

/**
 * The lease began after its request was sent, but how long after? If it was asked for long ago, a renewal gives a time that
 * one can count from.
 */
async function freshened(api: LockApi, granted: Granted, ttlSeconds: number): Promise<Granted> {
  const { lease, sentAtMs } = granted;
  if (nowMs() - sentAtMs < (ttlSeconds * 1000) / RULES.renewals_per_ttl) return granted;
  try {
    return await api.renew(lease.name, lease.leaseId, ttlSeconds);
  } catch (error) {
    api.release(lease.name, lease.leaseId).catch(() => undefined);
    throw error;
  }
}
