import { goTogether } from '../law/go-together.js';

/**
 * What clients saw, and what it must agree with. All times are milliseconds on the monotonic clock of the machine; a call is
 * known to have taken effect some time between `callMs` and `returnMs`.
 */
export interface Grant {
  readonly lockName: string;
  readonly leaseId: string;
  readonly token: number;
  readonly callMs: number;
  readonly returnMs: number;
}

/** A time in which a lease certainly held its lock: after it was acknowledged, before it can have ended. */
export interface Holding {
  readonly lockName: string;
  readonly leaseId: string;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** An event as a watch stream tells it. */
export interface LoggedEvent {
  readonly sequence: number;
  readonly event: string;
  readonly lock: string;
  readonly fencing_token: number | null;
  readonly timestamp: string;
  readonly expires_at?: string;
}

/**
 * Tokens are never used twice, and a grant that was acknowledged before another was asked for has the lower one.
 * Returns a sentence for each violation.
 */
export function tokenViolations(grants: readonly Grant[]): string[] {
  const violations: string[] = [];
  const owners = new Map<number, Grant>();
  for (const grant of grants) {
    const owner = owners.get(grant.token);
    if (owner !== undefined && owner.leaseId !== grant.leaseId) {
      violations.push(`token ${grant.token} was given to ${owner.leaseId} and to ${grant.leaseId}`);
    }
    owners.set(grant.token, grant);
  }
  const byReturn = grants.toSorted((a, b) => a.returnMs - b.returnMs);
  let next = 0;
  let highest: Grant | undefined;
  for (const grant of grants.toSorted((a, b) => a.callMs - b.callMs)) {
    for (
      let seen = byReturn[next];
      seen !== undefined && seen.returnMs < grant.callMs;
      seen = byReturn[next]
    ) {
      if (highest === undefined || seen.token > highest.token) highest = seen;
      next += 1;
    }
    if (highest !== undefined && highest.token >= grant.token && highest.leaseId !== grant.leaseId) {
      violations.push(`${describe(grant)} came after ${describe(highest)} had been acknowledged`);
    }
  }
  return violations;
}

/** The leases that hold a lock at any time go together. Returns a sentence for each violation. */
export function holderViolations(holdings: readonly Holding[]): string[] {
  const violations: string[] = [];
  const present = new Map<string, Holding[]>();
  for (const holding of holdings.toSorted((a, b) => a.fromMs - b.fromMs)) {
    const { lockName, leaseId, fromMs, untilMs } = holding;
    if (untilMs <= fromMs) continue;
    const before = (present.get(lockName) ?? []).filter((other) => other.untilMs > fromMs);
    const others = before.filter((other) => other.leaseId !== leaseId);
    if (!goTogether([...others, holding])) {
      const held = others.map((other) => `by ${other.leaseId} until ${other.untilMs}`).join(', ');
      violations.push(`${lockName} was held ${held} and by ${leaseId} from ${fromMs}`);
    }
    present.set(lockName, [...before, holding]);
  }
  return violations;
}

/**
 * The event log has no gap and its tokens strictly increase; each lock is acquired and ended in turn, never ends before
 * the end that clients were last told, and every acknowledged grant is in it. Returns a sentence for each violation.
 */
export function logViolations(events: readonly LoggedEvent[], grants: readonly Grant[]): string[] {
  const violations: string[] = [];
  const held = new Map<string, LoggedEvent>();
  const tokens = new Map<number, string>();
  let before: LoggedEvent | undefined;
  let lastToken = 0;
  for (const event of events) {
    const { lock, fencing_token: token } = event;
    if (before !== undefined && event.sequence !== before.sequence + 1) {
      violations.push(`event ${event.sequence} follows event ${before.sequence}`);
    }
    before = event;
    violations.push(...turnViolations(event, held.get(lock)));
    if (event.event === 'acquired') {
      if (token === null || token <= lastToken) violations.push(`token ${token} follows token ${lastToken}`);
      lastToken = token ?? lastToken;
      tokens.set(lastToken, lock);
    }
    if (event.event === 'acquired' || event.event === 'renewed') held.set(lock, event);
    else held.delete(lock);
  }
  for (const grant of grants) {
    if (tokens.get(grant.token) !== grant.lockName)
      violations.push(`${describe(grant)} is not in the event log`);
  }
  return violations;
}

function turnViolations(event: LoggedEvent, held: LoggedEvent | undefined): string[] {
  const isFresh = event.event === 'acquired';
  if (isFresh !== (held === undefined)) {
    return [
      `event ${event.sequence}: ${event.lock} was ${event.event} while ${held === undefined ? 'free' : 'held'}`,
    ];
  }
  if (event.event !== 'expired' || event.lock.startsWith(SESSION_LOCKS)) return [];
  const due = Date.parse(held?.expires_at ?? '');
  return Date.parse(event.timestamp) > due
    ? []
    : [`event ${event.sequence}: ${event.lock} expired before ${held?.expires_at}`];
}

/** Locks whose leases end with a session, so maybe before their own time. */
export const SESSION_LOCKS = 'session/';

function describe({ lockName, leaseId, token, callMs, returnMs }: Grant): string {
  return `token ${token} (${lockName}, lease ${leaseId}, asked at ${callMs}, acknowledged at ${returnMs})`;
}
