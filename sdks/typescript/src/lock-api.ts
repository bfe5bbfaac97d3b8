import { Caller, type Attempt, type Call, type Outcome, type Result } from './calls.js';
import { checkName, checkTtl, checkWait } from './checks.js';
import { LockHeldError } from './errors.js';
import { Fields } from './fields.js';
import { readHeldLock, readLease, readLockStatus } from './readers.js';
import { RULES } from './rules.js';
import { delayMs, nowMs, pause } from './time.js';
import type { HeldLock, Lease, LockStatus } from './types.js';

export interface AcquireOptions {
  /** TTL of the lease, 1 to 3600 seconds, 60 by default. */
  readonly ttlSeconds?: number | undefined;
  /** How long to wait in line if someone else holds the lock, in seconds. 0 by default, no upper limit. */
  readonly waitSeconds?: number | undefined;
  /** A note of at most 1024 bytes, shown to everyone who looks at the lock. */
  readonly metadata?: string | undefined;
  /** Ties the lease to a session. */
  readonly sessionId?: string | undefined;
  /** A UUID for the lease. A new one by default. */
  readonly leaseId?: string | undefined;
  /** Cancels the acquire. */
  readonly signal?: AbortSignal | undefined;
}

export interface ListOptions {
  /** Only locks whose names begin with this text. */
  readonly prefix?: string | undefined;
  /** Only your own. */
  readonly owner?: 'me' | undefined;
}

/** A lease, and when its request was sent, on the monotonic clock. The lease cannot have begun earlier. */
export interface Granted {
  readonly lease: Lease;
  readonly sentAtMs: number;
}

/** The routes of locks. */
export class LockApi {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  async acquire(name: string, options: AcquireOptions): Promise<Granted> {
    const {
      waitSeconds = 0,
      leaseId = crypto.randomUUID(),
      ttlSeconds = RULES.ttl_seconds_default,
    } = options;
    checkName(name);
    checkTtl(ttlSeconds);
    checkWait(waitSeconds);
    const untilMs = nowMs() + waitSeconds * 1000;
    const outcome: Outcome = { isUnknown: false };
    const body = {
      ttl_seconds: ttlSeconds,
      lease_id: leaseId,
      metadata: options.metadata,
      session_id: options.sessionId,
    };
    const request: Call<Lease>['request'] = () => {
      const wait_seconds = waitSecondsUntil(untilMs);
      const timeoutMs = this.#caller.timeoutMs + wait_seconds * 1000;
      return { method: 'POST', path: lockPath(name, 'acquire'), body: { ...body, wait_seconds }, timeoutMs };
    };
    const call = { request, read: readLeaseText, isSafe: true, outcome, signal: options.signal };
    try {
      return await this.#waitFor(call, untilMs);
    } catch (error) {
      if (outcome.isUnknown) this.#releaseInBackground(name, leaseId);
      throw error;
    }
  }

  async renew(name: string, leaseId: string, ttlSeconds: number): Promise<Granted> {
    checkName(name);
    checkTtl(ttlSeconds);
    const call = { ...renewal(name, leaseId, ttlSeconds), isSafe: true };
    const { value, sentAtMs } = await this.#caller.call(call);
    return { lease: value, sentAtMs };
  }

  /** One attempt at a renewal. */
  renewOnce(
    name: string,
    leaseId: string,
    ttlSeconds: number,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<Result<Lease>> {
    return this.#caller.attempt({ ...renewal(name, leaseId, ttlSeconds, timeoutMs), signal });
  }

  async release(name: string, leaseId: string): Promise<void> {
    checkName(name);
    await this.#caller.call({
      request: () => ({ method: 'POST', path: lockPath(name, 'release'), body: { lease_id: leaseId } }),
      read: (text) => Fields.parse(text).text('status'),
      isSafe: true,
      goneIs: 'released',
    });
  }

  async status(name: string): Promise<LockStatus> {
    checkName(name);
    return this.#get(lockPath(name), readLockStatus);
  }

  /** All locks, from every page. */
  async list({ prefix, owner }: ListOptions): Promise<HeldLock[]> {
    const query = new URLSearchParams();
    if (prefix !== undefined) query.set('prefix', prefix);
    if (owner !== undefined) query.set('owner', owner);
    const locks: HeldLock[] = [];
    for (;;) {
      const page = await this.#get(`/locks?${query}`, (fields) => ({
        locks: fields.objects('locks').map(readHeldLock),
        cursor: fields.textOrNull('next_cursor'),
      }));
      locks.push(...page.locks);
      if (page.cursor === null) return locks;
      query.set('cursor', page.cursor);
    }
  }

  /** Asks for the lock, repeatedly if necessary, because one request can wait for at most a minute. */
  async #waitFor(call: Call<Lease>, untilMs: number): Promise<Granted> {
    const firstAskedAtMs = nowMs();
    for (let refusals = 1; ; refusals += 1) {
      const askedAtMs = nowMs();
      const waitMs = waitSecondsUntil(untilMs) * 1000;
      try {
        const { value: lease, sentAtMs } = await this.#caller.call(call);
        // `held` means that an earlier attempt got the lease and its response was lost.
        return { lease, sentAtMs: lease.status === 'held' ? firstAskedAtMs : sentAtMs };
      } catch (error) {
        if (!(error instanceof LockHeldError) || nowMs() >= untilMs) throw error;
        // Refused much too early. Pause, so as not to retry at full speed.
        if (nowMs() - askedAtMs < waitMs / 2) await pause(delayMs(refusals), call.signal);
      }
    }
  }

  /** In case the abandoned acquire was granted after all: otherwise the lock would stay held with no one using it. */
  #releaseInBackground(name: string, leaseId: string): void {
    this.release(name, leaseId).catch(() => undefined);
  }

  async #get<T>(path: string, read: (fields: Fields) => T): Promise<T> {
    const call: Call<T> = {
      request: () => ({ method: 'GET', path }),
      read: (text) => read(Fields.parse(text)),
      isSafe: true,
    };
    return (await this.#caller.call(call)).value;
  }
}

function renewal(name: string, leaseId: string, ttlSeconds: number, timeoutMs?: number): Attempt<Lease> {
  const body = { lease_id: leaseId, ttl_seconds: ttlSeconds };
  const own = timeoutMs === undefined ? {} : { timeoutMs };
  return {
    request: () => ({ method: 'POST', path: lockPath(name, 'renew'), body, ...own }),
    read: readLeaseText,
  };
}

/** Encodes the whole name, so that a lock named `a/watch` is not mistaken for a watch of `a`. */
export function lockPath(name: string, verb?: string): string {
  const path = `/locks/${encodeURIComponent(name)}`;
  return verb === undefined ? path : `${path}/${verb}`;
}

function readLeaseText(text: string): Lease {
  return readLease(Fields.parse(text));
}

/** How long the next request may wait, in whole seconds. */
function waitSecondsUntil(untilMs: number): number {
  const seconds = Math.ceil((untilMs - nowMs()) / 1000);
  return Math.min(RULES.wait_seconds_per_request_max, Math.max(0, seconds));
}
