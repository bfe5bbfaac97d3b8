import { LockHandle } from './lock.js';
import type { AcquireOptions, Granted, LockApi } from './lock-api.js';
import { RULES } from './rules.js';
import type { SessionHandle } from './session.js';
import { nowMs } from './time.js';

export interface HoldOptions extends Omit<AcquireOptions, 'leaseId' | 'sessionId'> {
  /** Ties the lock to a session. When the session is lost or ends, so is the lock. */
  readonly session?: SessionHandle | undefined;
}

/** Acquires a lock and keeps renewing it. */
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
 * The lease began some time after its request was sent. If that was long ago, it renews the lease, to have a recent time to
 * count from.
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
