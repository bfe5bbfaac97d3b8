import type { Acquiring, GivingUp, LeaseOptions } from './acquiring.js';
import type { Caller } from './calls.js';
import { renewalTimeoutMs } from './keeper.js';
import type { Granted, Renewal } from './lease-keeping.js';
import type { AcquireOptions } from './lock-api.js';
import { LockHandle } from './lock.js';
import type { Lease, WholeLease } from './lock-types.js';
import { RULES } from './rules.js';
import type { SessionHandle } from './session.js';
import { nowMs } from './time.js';

interface HandleOptions {
  /** Ties the lease to a session. When the session is lost or ends, so is what it locks. */
  readonly session?: SessionHandle | undefined;
  /** Called with the id of the lease before the first request, such as to find your place in line with `client.queue`. */
  readonly onAsk?: ((leaseId: string) => void) | undefined;
}

export interface HoldOptions extends Omit<AcquireOptions, 'leaseId' | 'sessionId'>, HandleOptions {}

export interface HoldAllOptions extends Omit<LeaseOptions, 'leaseId' | 'sessionId'>, HandleOptions {}

/** Acquires a lease and keeps renewing it. */
export async function hold<L extends Lease | WholeLease>(
  acquiring: Acquiring<L>,
  { session, onAsk, ...options }: HoldAllOptions,
  { servers, timeoutMs, open, observer }: Pick<Caller, 'servers' | 'timeoutMs' | 'open' | 'observer'>,
  givingUp: GivingUp = {},
): Promise<LockHandle> {
  const { ttlSeconds = RULES.ttl_seconds_default } = options;
  const leaseId = crypto.randomUUID();
  onAsk?.(leaseId);
  const asked = { ...options, ttlSeconds, leaseId, sessionId: session?.sessionId };
  const granted = await acquiring.acquire(asked, givingUp);
  const ttlMs = ttlSeconds * 1000;
  const renewal = { ...options, ttlSeconds, timeoutMs: renewalTimeoutMs({ ttlMs, timeoutMs }) };
  const { lease, sentAtMs } = await freshened(acquiring, granted, renewal);
  return new LockHandle(acquiring.keeping, lease, {
    ttlMs,
    provedAtMs: sentAtMs,
    timeoutMs,
    servers,
    within: session?.keeper,
    session,
    open,
    observer,
  });
}

/**
 * The lease began some time after its request was sent. If that was long ago, it renews the lease, to have a recent time to
 * count from.
 */
async function freshened<L extends Lease | WholeLease>(
  { keeping }: Acquiring<L>,
  granted: Granted<L>,
  { ttlSeconds, proof, timeoutMs }: Omit<Renewal, 'leaseId'> & { readonly timeoutMs: number },
): Promise<Granted<L>> {
  const { lease, sentAtMs } = granted;
  if (nowMs() - sentAtMs < (ttlSeconds * 1000) / RULES.renewals_per_ttl) return granted;
  try {
    return await keeping.renew(lease.leaseId, ttlSeconds, { proof }, timeoutMs);
  } catch (error) {
    keeping.release(lease.leaseId).catch(() => undefined);
    throw error;
  }
}
