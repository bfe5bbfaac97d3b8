import { Caller, type Attempt, type Call, type Outcome, type Result } from './calls.js';
import { checkName, checkTtl, checkWait } from './checks.js';
import { LockHeldError } from './errors.js';
import { Fields } from './fields.js';
import { readHeldLock, readLease, readLockStatus } from './readers.js';
import { RULES } from './rules.js';
import { delayMs, nowMs, pause } from './time.js';
import type { HeldLock, Lease, LockStatus } from './types.js';

export interface AcquireOptions {
  /** How long the lease lasts, from 1 to 3600 seconds; 60 by default. */
  readonly ttlSeconds?: number | undefined;
  /** How long to wait in line if somebody else has the lock, in seconds; 0 by default, and as long as you like. */
  readonly waitSeconds?: number | undefined;
  /** A note of at most 1024 bytes that everybody who looks at the lock sees. */
  readonly metadata?: string | undefined;
  /** Ties the lease to a session. */
  readonly sessionId?: string | undefined;
  /** The id that the lease shall have, a UUID; a new one by default. */
  readonly leaseId?: string | undefined;
  /** Gives the acquire up. */
  readonly signal?: AbortSignal | undefined;
}

export interface ListOptions {
  /** Only locks whose names begin with this text. */
  readonly prefix?: string | undefined;
  /** Only your own. */
  readonly owner?: 'me' | undefined;
}

/** A lease, and a time on the monotonic clock before which it cannot have begun. */
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

  /** All of them, from as many pages as there are. */
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

  /** Asks for the lock, again and again if need be, since one request may wait no longer than a minute. */
  async #waitFor(call: Call<Lease>, untilMs: number): Promise<Granted> {
    const firstAskedAtMs = nowMs();
    for (let refusals = 1; ; refusals += 1) {
      const askedAtMs = nowMs();
      const waitMs = waitSecondsUntil(untilMs) * 1000;
      try {
        const { value: lease, sentAtMs } = await this.#caller.call(call);
        // A lease that existed before was granted by an earlier attempt, whose answer was lost.
        return { lease, sentAtMs: lease.status === 'held' ? firstAskedAtMs : sentAtMs };
      } catch (error) {
        if (!(error instanceof LockHeldError) || nowMs() >= untilMs) throw error;
        // Refused long before the time was over: not to be asked again at full speed.
        if (nowMs() - askedAtMs < waitMs / 2) await pause(delayMs(refusals), call.signal);
      }
    }
  }

  /** Lest the lock be held by nobody, if the acquire that was given up had been granted after all. */
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

/** The name is encoded as a whole, so that a lock called `a/watch` is not taken for a watch of `a`. */
export function lockPath(name: string, verb?: string): string {
  const path = `/locks/${encodeURIComponent(name)}`;
  return verb === undefined ? path : `${path}/${verb}`;
}

function readLeaseText(text: string): Lease {
  return readLease(Fields.parse(text));
}

/** Whole seconds that one request may wait. */
function waitSecondsUntil(untilMs: number): number {
  const seconds = Math.ceil((untilMs - nowMs()) / 1000);
  return Math.min(RULES.wait_seconds_per_request_max, Math.max(0, seconds));
}
