import { goTogether } from '../../kit/law/go-together.js';
import { ClaimBroken } from '../proof.js';
import { LeaseRecord, type Acknowledged } from './lease-record.js';

/**
 * What the server may tell its clients about leases, judged by nothing but when requests were sent and answers came, on the
 * monotonic clock of one process:
 *
 * 1. After an acknowledged grant or renewal that was sent at `s`, nobody else is told of a grant of the lock before `s` plus
 *    the TTL, unless the holder released it. As this counts renewals whatever their order with the other's grant, it also
 *    forbids to renew a lease whose lock somebody else has been granted.
 * 2. A lease is not renewed after it was refused as gone, nor later than its last acknowledged end. A restart may lengthen it
 *    by the grace period.
 * 3. A grant has a greater fencing token than all grants that were answered before it was asked for, of whatever lock.
 */
export class LeaseRules {
  readonly #leases = new Map<string, LeaseRecord[]>();
  #highestToken = 0;
  grants = 0;
  renewals = 0;
  refusals = 0;

  /** The highest token so far answered. Note it before a request is sent. */
  get highestToken(): number {
    return this.#highestToken;
  }

  granted(lock: string, token: number, acknowledged: Acknowledged, tokenBefore: number): LeaseRecord {
    if (token <= tokenBefore) throw new ClaimBroken(`token ${token} was granted after ${tokenBefore}`);
    this.#highestToken = Math.max(this.#highestToken, token);
    this.grants += 1;
    const granted = new LeaseRecord(token, acknowledged);
    granted.extend(acknowledged);
    const leases = this.#leasesOf(lock);
    for (const other of leases) this.#put(other, granted, acknowledged.answeredMs);
    leases.push(granted);
    this.#expectInTime(granted);
    return granted;
  }

  renewed(lease: LeaseRecord, acknowledged: Acknowledged): void {
    const { sentMs } = acknowledged;
    this.renewals += 1;
    if (sentMs > lease.refusedMs) throw broken(lease, 'was renewed after it was gone');
    if (sentMs > lease.endsByMs)
      throw broken(lease, `was renewed ${(sentMs - lease.endsByMs).toFixed(1)} ms after its end`);
    lease.extend(acknowledged);
    this.#expectInTime(lease);
  }

  /** A renewal of which nothing is known: it may have been done at any time since. */
  renewalLost(lease: LeaseRecord): void {
    lease.endsByMs = Infinity;
  }

  refused(lease: LeaseRecord, answeredMs: number): void {
    this.refusals += 1;
    lease.refusedMs = Math.min(lease.refusedMs, answeredMs);
  }

  /** The server is ready again and may have lengthened what was alive. */
  restarted(readyMs: number, graceMs: number): void {
    for (const lease of [...this.#leases.values()].flat()) {
      const graced = readyMs + Math.min(lease.ttlMs, graceMs);
      lease.endsByMs = Math.max(lease.endsByMs, graced);
    }
  }

  #leasesOf(lock: string): LeaseRecord[] {
    let leases = this.#leases.get(lock);
    if (leases === undefined) {
      leases = [];
      this.#leases.set(lock, leases);
    }
    return leases;
  }

  #put(other: LeaseRecord, granted: LeaseRecord, answeredMs: number): void {
    if (other.token === granted.token) throw broken(other, 'was granted twice');
    if (goTogether([other, granted])) return;
    if (other.token > granted.token) return granted.succeed(other.firstAnsweredMs);
    other.succeed(answeredMs);
    this.#expectInTime(other);
  }

  #expectInTime(lease: LeaseRecord): void {
    if (lease.earlyMs > 0)
      throw broken(lease, `ended ${lease.earlyMs.toFixed(1)} ms early: somebody else was granted the lock`);
  }
}

function broken(lease: LeaseRecord, what: string): ClaimBroken {
  return new ClaimBroken(`the lease with token ${lease.token} ${what}`);
}
