import type { LeaseId } from '../../src/core/model/ids.js';
import type { Answer, Request } from './notes.js';

type LockRequest = Extract<Request, { lockName: unknown }>;

/** What a store says of a lock after it has come back. */
export interface FoundLease {
  readonly leaseId: LeaseId;
  readonly fencingToken: number;
  readonly deadline: number;
}

interface PromisedLease extends FoundLease {
  readonly isReleased: boolean;
}

/** What has been promised about one lock, and what was asked and not answered, which may have happened or not. */
export class LockPromise {
  readonly #open = new Map<number, LockRequest>();
  #lease: PromisedLease | null = null;

  asked(id: number, request: LockRequest): void {
    this.#open.set(id, request);
  }

  answered(id: number, answer: Answer): void {
    const request = this.#open.get(id);
    if (request === undefined) throw new Error(`nobody asked ${id}`);
    this.#open.delete(id);
    if (answer.kind === 'granted' && request.kind === 'acquire') {
      const { fencingToken, deadline } = answer;
      this.#lease = { leaseId: request.leaseId, fencingToken, deadline, isReleased: false };
    } else if (answer.kind === 'renewed' && this.#lease !== null) {
      this.#lease = { ...this.#lease, deadline: answer.deadline };
    } else if (answer.kind === 'ended' && this.#lease !== null) {
      this.#lease = { ...this.#lease, isReleased: true };
    }
  }

  /** What is wrong with what was found, in words; null if nothing is. */
  problemWith(found: FoundLease | null): string | null {
    const promised = this.#lease;
    if (found !== null && found.fencingToken > (promised?.fencingToken ?? 0)) return this.#unpromised(found);
    if (promised === null) return found === null ? null : 'a lease from nowhere';
    if (promised.isReleased) return found === null ? null : 'a released lease is back';
    if (found === null)
      return this.#isOpen('release') ? null : `the lease with token ${promised.fencingToken} is lost`;
    if (found.fencingToken !== promised.fencingToken) return 'an older lease is back';
    if (found.leaseId !== promised.leaseId) return 'the lease has another id';
    if (found.deadline < promised.deadline) return 'a renewal is lost';
    if (found.deadline > promised.deadline && !this.#isOpen('renew'))
      return 'a renewal that nobody asked for';
    return null;
  }

  /** Nobody was told of this lease; it may be there only if its grant was on the way. */
  #unpromised(found: FoundLease): string | null {
    const isAsked = [...this.#open.values()].some(
      (request) => request.kind === 'acquire' && request.leaseId === found.leaseId,
    );
    if (!isAsked) return 'a lease that nobody asked for';
    const isFree = this.#lease === null || this.#lease.isReleased || this.#isOpen('release');
    return isFree ? null : 'a second holder';
  }

  #isOpen(kind: 'renew' | 'release'): boolean {
    return [...this.#open.values()].some(
      (request) => request.kind === kind && request.fencingToken === this.#lease?.fencingToken,
    );
  }
}
