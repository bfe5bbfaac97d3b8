import type { LockName } from '../../../../src/core/model/lock-name.js';
import type { Answer, Operation } from '../request.js';

/** Those who wait in one process of the server: first come, first served, and each answered once. */
export class Queues {
  readonly #queues = new Map<LockName, Operation[]>();
  readonly #report: (broken: string) => void;
  #places = 0;
  #grants: { readonly operation: Operation; readonly lockName: LockName }[] = [];

  constructor(report: (broken: string) => void) {
    this.#report = report;
  }

  /** The server has decided an acquire, which is queued or answered by that. */
  decided(operation: Operation, isQueued: boolean, nowMs: number): void {
    this.#places += 1;
    operation.place = this.#places;
    operation.latestPlace = this.#places;
    if (!isQueued || operation.request.kind !== 'acquire') return;
    operation.isQueued = true;
    operation.waitsUntilMs = nowMs + operation.request.waitSeconds * 1000;
    const queue = this.#queue(operation.request.lockName);
    const earlier = queue.findLast((other) => isSameWish(other, operation) && !other.hasLeft);
    queue.push(operation);
    if (earlier === undefined) return;
    // Whoever asks again for the same lease keeps its place, unless the first request is just being answered.
    operation.place = earlier.place;
    if (nowMs < earlier.waitsUntilMs) earlier.successor = operation;
  }

  answered(operation: Operation, answer: Answer): void {
    if (operation.request.kind !== 'acquire') return;
    const { lockName } = operation.request;
    const queue = this.#queue(lockName);
    const at = queue.indexOf(operation);
    if (at !== -1) queue.splice(at, 1);
    if (answer.kind === 'acquired') this.#grants.push({ operation, lockName });
    // Sent away for its successor, which therefore has its place.
    const { successor } = operation;
    if (successor !== null && answer.kind === 'conflict') successor.latestPlace = operation.latestPlace;
  }

  /** After a step, when all who were answered in it are known. */
  check(): void {
    if (this.#grants.length === 0) return;
    for (const { operation, lockName } of this.#grants) {
      const passed = this.#queue(lockName).find(
        (other) => other.latestPlace < operation.place && !other.hasLeft,
      );
      if (passed === undefined) continue;
      this.#report(`${lockName}: request ${operation.id} got it before ${passed.id}, which waited longer`);
    }
    this.#grants = [];
  }

  #queue(lockName: LockName): Operation[] {
    let queue = this.#queues.get(lockName);
    if (queue === undefined) {
      queue = [];
      this.#queues.set(lockName, queue);
    }
    return queue;
  }
}

function isSameWish({ request: a }: Operation, { request: b }: Operation): boolean {
  return (
    a.kind === 'acquire' &&
    b.kind === 'acquire' &&
    a.leaseId !== null &&
    a.leaseId === b.leaseId &&
    a.userId === b.userId &&
    a.sessionId === b.sessionId
  );
}
