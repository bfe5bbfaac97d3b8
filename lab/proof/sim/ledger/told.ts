import type { Lease } from '../../../../src/core/model/lease.js';
import type { Answer, Operation, Status } from '../request.js';
import type { DurableOrder } from './durable-order.js';
import type { Memory } from './memory.js';

type Acquired = Extract<Answer, { kind: 'acquired' | 'already_held' }>;

/** Checks what leaves the server: nothing that a crash could undo, and nothing that contradicts what was told before. */
export class Told {
  readonly #memory: Memory;
  readonly #durable: DurableOrder;
  readonly #report: (broken: string) => void;
  readonly #grants = new Set<number>();

  constructor(memory: Memory, durable: DurableOrder, report: (broken: string) => void) {
    this.#memory = memory;
    this.#durable = durable;
    this.#report = report;
  }

  tell(operation: Operation, answer: Answer): void {
    if (answer.kind === 'refused') return;
    if (answer.kind === 'abandoned') {
      if (!operation.hasLeft)
        this.#report(`request ${operation.id} was sent away though its client is there`);
      return;
    }
    if (operation.hasLeft && operation.isQueued) {
      this.#report(`request ${operation.id} was answered "${answer.kind}" after its client had left`);
    }
    if (operation.decidedAtSequence > this.#durable.lastSequence) {
      this.#report(`request ${operation.id} was answered "${answer.kind}" on what is not durable`);
    }
    this.#tellOfLease(operation, answer);
    this.#tellOfSession(operation, answer);
  }

  #tellOfLease(operation: Operation, answer: Answer): void {
    switch (answer.kind) {
      case 'acquired':
      case 'already_held':
        return this.#tellHolder(operation, answer);
      case 'renewed':
      case 'conflict':
        this.#memory.tellDead(answer.lease.lockName, answer.lease.fencingToken);
        return this.#expectDurable(answer.lease);
      case 'released':
        if (operation.request.kind === 'release') {
          this.#memory.tellDead(operation.request.lockName, operation.endedToken + 1);
        }
        return;
      case 'status':
        return this.#tellStatus(operation, answer);
      default:
    }
  }

  #tellHolder({ id, request, leaseId, newestTokenBefore }: Operation, { kind, lease }: Acquired): void {
    const token = lease.fencingToken;
    this.#expectDurable(lease);
    const hold = this.#memory.holds.get(token);
    if (hold !== undefined) hold.isTold = true;
    this.#memory.tellDead(lease.lockName, token);
    if (request.kind !== 'acquire' || lease.lockName !== request.lockName) {
      return this.#report(`request ${id} was given a lease that it did not ask for`);
    }
    const isOwn = lease.holder.userId === request.userId && lease.holder.sessionId === request.sessionId;
    if (!isOwn || (request.leaseId !== null && lease.leaseId !== request.leaseId)) {
      this.#report(`request ${id} was given somebody else's lease ${token}`);
    }
    this.#memory.newestTokenTold = Math.max(this.#memory.newestTokenTold, token);
    if (kind === 'already_held') return;
    if (lease.leaseId !== leaseId) this.#report(`request ${id} was granted lease ${token} under another id`);
    if (this.#grants.has(token)) this.#report(`token ${token} was granted twice`);
    if (token <= newestTokenBefore)
      this.#report(`token ${token} was granted after ${newestTokenBefore} was told`);
    this.#grants.add(token);
  }

  #tellStatus({ id, request, newestTokenBefore }: Operation, { lease, lastFencingToken }: Status): void {
    if (request.kind !== 'status') return;
    if (lastFencingToken < newestTokenBefore) this.#report(`request ${id} read a state of the past`);
    if (lastFencingToken > this.#durable.newestToken)
      this.#report(`request ${id} read a token that is not durable`);
    if (lease !== null) this.#expectDurable(lease);
    this.#memory.tellDead(request.lockName, lease?.fencingToken ?? lastFencingToken + 1);
  }

  #expectDurable({ lockName, fencingToken }: Lease): void {
    if (!this.#durable.isGranted(fencingToken))
      this.#report(`${lockName}: told of ${fencingToken}, not durable`);
  }

  #tellOfSession({ id, request }: Operation, answer: Answer): void {
    switch (answer.kind) {
      case 'session_opened':
      case 'session_kept_alive': {
        const { sessionId, deadline } = answer.session;
        const known = this.#memory.sessions.get(sessionId);
        if (known !== undefined) known.isTold = true;
        if (!this.#durable.isSessionWritten(sessionId, deadline)) {
          this.#report(`request ${id} was told of session ${sessionId} before it was durable`);
        }
        return;
      }
      case 'session_closed':
      case 'session_expired':
      case 'session_not_found': {
        const sessionId = 'sessionId' in request ? request.sessionId : null;
        const known = sessionId === null ? undefined : this.#memory.sessions.get(sessionId);
        // A stranger's session is as unknown as one that never was.
        if (known === undefined || !('userId' in request) || known.userId !== request.userId) return;
        if (!this.#durable.isSessionOver(known.id)) {
          this.#report(`request ${id} was told of the end of session ${known.id} before it was durable`);
        }
        return;
      }
      default:
    }
  }
}
