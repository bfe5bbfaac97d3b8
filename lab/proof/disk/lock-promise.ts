import { EXCLUSIVE, type Hold } from '../../../src/core/model/demand.js';
import type { LeaseId } from '../../../src/core/model/ids.js';
import type { LockName } from '../../../src/core/model/lock-name.js';
import { goTogether } from '../../kit/law/go-together.js';
import type { Answer, Request } from './notes.js';

type LockRequest = Extract<Request, { lockName: unknown }>;

/** A lease in a store that has started again. */
export interface FoundLease {
  readonly leaseId: LeaseId;
  readonly fencingToken: number;
  readonly deadline: number;
  readonly hold: Hold;
}

interface PromisedLease extends FoundLease {
  /** Until when the lock is kept from everyone if the lease is released. Null if it is not. */
  readonly keptUntil: number | null;
  readonly isReleased: boolean;
}

/** What has been promised about one lock, and its requests without an answer, which may have taken effect or not. */
export class LockPromise {
  readonly #open = new Map<number, LockRequest>();
  /** By their tokens. Those that a later grant has replaced are not among them. */
  readonly #leases = new Map<number, PromisedLease>();

  constructor(private readonly lockName: LockName) {}

  requested(id: number, request: LockRequest): void {
    this.#open.set(id, request);
  }

  answered(id: number, answer: Answer): void {
    const request = this.#open.get(id);
    if (request === undefined) throw new Error(`no one made request ${id}`);
    this.#open.delete(id);
    if (request.kind === 'acquire') return this.#acquired(request.leaseId, answer);
    const lease = this.#leases.get(request.fencingToken);
    if (lease === undefined) return;
    if (answer.kind === 'renewed') {
      this.#leases.set(lease.fencingToken, { ...lease, deadline: answer.deadline });
    } else if (answer.kind === 'ended') {
      this.#leases.set(lease.fencingToken, { ...lease, isReleased: true });
    }
  }

  /** What is wrong with the leases that were found, in words; null if nothing is. */
  problemWith(found: readonly FoundLease[]): string | null {
    for (const lease of found) {
      const problem = this.#problemWithLease(lease);
      if (problem !== null) return problem;
    }
    for (const { fencingToken, isReleased } of this.#leases.values()) {
      if (isReleased || this.#isOpen('release', fencingToken)) continue;
      if (found.every((lease) => lease.fencingToken !== fencingToken)) {
        return `the lease with token ${fencingToken} is lost`;
      }
    }
    return null;
  }

  /** What is wrong with the time until which the lock is found to be kept from everyone, in words; null if nothing is. */
  problemWithCooling(found: number | null): string | null {
    const kept = [...this.#leases.values()].filter(({ keptUntil }) => keptUntil !== null);
    const released = kept.find(({ isReleased }) => isReleased);
    if (released !== undefined) return released.keptUntil === found ? null : 'it no longer cools';
    if (found === null) return null;
    const mayCool = kept.some(
      ({ fencingToken, keptUntil }) => keptUntil === found && this.#isOpen('release', fencingToken),
    );
    return mayCool ? null : 'it cools though no one released it';
  }

  #acquired(leaseId: LeaseId, answer: Answer): void {
    if (answer.kind !== 'granted') return;
    const { fencingToken, deadline, holds, keptUntil = null } = answer;
    const hold = holds?.[this.lockName] ?? EXCLUSIVE;
    const lease = { leaseId, fencingToken, deadline, hold, keptUntil, isReleased: false };
    for (const other of this.#leases.values()) {
      if (!goTogether([other.hold, lease.hold])) this.#leases.delete(other.fencingToken);
    }
    this.#leases.set(fencingToken, lease);
  }

  #problemWithLease(found: FoundLease): string | null {
    const { fencingToken, leaseId, deadline } = found;
    const promised = this.#leases.get(fencingToken);
    if (promised === undefined) {
      const isOlder = fencingToken < Math.max(0, ...this.#leases.keys());
      return isOlder && !this.#isRequested(leaseId) ? 'an older lease is back' : this.#unpromised(found);
    }
    if (promised.isReleased) return 'a released lease is back';
    if (leaseId !== promised.leaseId) return 'the lease has another id';
    if (deadline < promised.deadline) return 'a renewal is lost';
    if (deadline > promised.deadline && !this.#isOpen('renew', fencingToken))
      return 'a renewal that no one requested';
    return null;
  }

  /** The grant of this lease was not acknowledged. It may exist only if its request has no answer yet. */
  #unpromised(found: FoundLease): string | null {
    if (!this.#isRequested(found.leaseId)) return 'a lease that no one requested';
    const present = [...this.#leases.values()].filter(
      ({ fencingToken, isReleased }) => !isReleased && !this.#isOpen('release', fencingToken),
    );
    return goTogether([...present, found].map(({ hold }) => hold)) ? null : 'a second holder';
  }

  #isRequested(leaseId: LeaseId): boolean {
    return [...this.#open.values()].some(
      (request) => request.kind === 'acquire' && request.leaseId === leaseId,
    );
  }

  #isOpen(kind: 'renew' | 'release', fencingToken: number): boolean {
    return [...this.#open.values()].some(
      (request) => request.kind === kind && request.fencingToken === fencingToken,
    );
  }
}
