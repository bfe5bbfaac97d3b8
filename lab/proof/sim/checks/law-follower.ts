import { isDeepStrictEqual } from 'node:util';
import type { Command } from '../../../../src/core/model/command.js';
import { locksOf, type Lease } from '../../../../src/core/model/lease.js';
import type { Quotas } from '../../../../src/core/model/quotas.js';
import type { LockName } from '../../../../src/core/model/lock-name.js';
import type { Instant } from '../../../../src/core/model/time.js';
import type { DurableState } from '../../../../src/core/recovery.js';
import type { Holding, StateView } from '../../../../src/core/state/state-view.js';
import type { Step } from '../../../../src/core/step.js';
import { LawCheck } from '../../../kit/law/law-check.js';
import type { Operation, Status } from '../request.js';

/** One process of the server, as it has begun to serve. */
export interface Served {
  /** What was on disk when the process started, and when it had begun to serve. */
  readonly found: DurableState;
  readonly left: DurableState;
  readonly options: Quotas;
  readonly graceSeconds: number;
  readonly startedAt: Instant;
  readonly view: StateView;
  /** The present instant by the clock of the machine. */
  readonly instant: () => Instant;
}

/** Compares each decision of one process, and what its readers see, with the law. */
export class LawFollower {
  readonly #check: LawCheck;
  readonly #served: Served;
  readonly #report: (broken: string) => void;
  /** Leases that the answer to another request of their holder has named. */
  readonly #shared = new Set<number>();

  constructor(served: Served, report: (broken: string) => void) {
    this.#served = served;
    this.#report = report;
    this.#check = new LawCheck(served.found, served.options);
    this.#check.restart(served.startedAt, served.graceSeconds);
    const expected = this.#check.rows.load(served.found.lastFencingToken, served.found.lastSequence);
    if (!isDeepStrictEqual(served.left, expected))
      report(`a start left ${JSON.stringify(served.left)}, not ${JSON.stringify(expected)}`);
  }

  decided(command: Command, step: Step): void {
    const mismatch = this.#check.follow(command, step, this.#served.instant());
    if (mismatch !== null) {
      const [seen, expected] = [mismatch.seen, mismatch.expected].map(inWords);
      const same = seen === expected ? 'the changes differ from that' : `the law says ${expected}`;
      this.#report(`${JSON.stringify(command)}: ${seen}, ${same}`);
    }
    if (step.outcome.kind === 'already_held') this.#shared.add(step.outcome.lease.fencingToken);
  }

  /** A request reads a lock. Its answer may depend on the time alone, because no command has ended an overdue lease yet. */
  read(lockName: LockName, operation: Operation, { lease, availableAt, lastFencingToken }: Status): void {
    const { model } = this.#check;
    const instant = this.#served.instant();
    const leases = model.leasesOf(lockName);
    const first = leases.find((other) => model.isLive(other, instant));
    if (lease?.fencingToken !== first?.fencingToken || lastFencingToken !== model.lastToken)
      this.#report(`${lockName}: ${lease?.fencingToken} is read, but ${first?.fencingToken} holds it`);
    const until = model.availableAt(lockName, instant);
    if (availableAt !== until)
      this.#report(`${lockName}: available at ${availableAt} is read, but it cools until ${until}`);
    const ends = leases.filter((other) => !model.isLive(other, instant)).map((other) => this.#endOf(other));
    const cooling = model.coolingOf(lockName);
    if (cooling !== undefined && cooling.until < instant) ends.push(cooling.until);
    operation.restsOnInstant = Math.max(-1, ...ends);
  }

  /** The request for the lease with this id was abandoned. Unless another request of its holder got the lease, it must not hold the lock. */
  expectNotHeld(leaseId: string): void {
    const lease = this.#live().find((other) => other.leaseId === leaseId);
    if (lease === undefined || this.#shared.has(lease.fencingToken)) return;
    this.#report(`${lease.lockName}: ${lease.fencingToken} is held for a client that had left`);
  }

  /** Readers see what the law says. Called after each step of the simulation, because time has passed. */
  expectSameView(): void {
    const { view } = this.#served;
    const { sessions, lastToken, lastSequence } = this.#check.model;
    const seen = [...view.heldLocks('', null, this.#served.instant())].map(asText);
    const expected = this.#live()
      .flatMap((lease) => locksOf(lease).map(({ lockName, hold }) => ({ lockName, hold, lease })))
      .map(asText);
    if (seen.length !== expected.length || seen.toSorted().join() !== expected.toSorted().join()) {
      this.#report(`readers see the leases ${seen.join(', ')}, not ${expected.join(', ')}`);
    }
    this.#expectSameAftermath();
    this.#expectSameFences();
    for (const { sessionId, state, deadline } of sessions) {
      const session = view.session(sessionId);
      if (session?.state === state && session.deadline === deadline) continue;
      this.#report(`session ${sessionId} is ${session?.state} until ${session?.deadline}, not ${deadline}`);
    }
    if (view.lastFencingToken !== lastToken || view.lastSequence !== lastSequence) {
      this.#report(`the numbers go on after ${view.lastFencingToken} and ${view.lastSequence}`);
    }
  }

  /** What is left of leases that have ended: locks that cool, and the memory of those that were broken. */
  #expectSameAftermath(): void {
    const { view } = this.#served;
    const instant = this.#served.instant();
    const { coolings } = this.#check.model;
    if (view.coolingCount !== coolings.length)
      this.#report(`${view.coolingCount} locks cool, not ${coolings.length}`);
    for (const { lockName, until } of coolings.filter((cooling) => cooling.until >= instant)) {
      const seen = view.availableAt(lockName, instant);
      if (seen !== until) this.#report(`${lockName} is available at ${seen}, but it cools until ${until}`);
    }
    for (const broken of this.#check.model.rememberedAt(instant)) {
      const seen = view.brokenLeasesWithId(broken.userId, broken.leaseId, instant);
      const isKnown = seen.some(({ fencingToken }) => fencingToken === broken.fencingToken);
      if (!isKnown)
        this.#report(`it is forgotten that the lease with token ${broken.fencingToken} was broken`);
    }
  }

  #expectSameFences(): void {
    const { view } = this.#served;
    const { fences } = this.#check.model;
    if (view.fenceCount !== fences.length)
      this.#report(`there are ${view.fenceCount} fences, not ${fences.length}`);
    for (const { name, highest } of fences) {
      const seen = view.fence(name)?.highest;
      if (seen !== highest) this.#report(`${name} has seen ${seen}, not ${highest}`);
    }
  }

  #endOf({ deadline, holder }: Lease): number {
    const session = this.#check.model.sessions.find(({ sessionId }) => sessionId === holder.sessionId);
    return Math.min(deadline, session?.deadline ?? Infinity);
  }

  #live(): Lease[] {
    const instant = this.#served.instant();
    const { model } = this.#check;
    return model.leases.filter((lease) => model.isLive(lease, instant));
  }
}

function asText({ lockName, hold, lease }: Holding): string {
  return `${lockName} ${lease.fencingToken} ${JSON.stringify(hold)} until ${lease.deadline}`;
}

function inWords(effects: {
  readonly outcome: unknown;
  readonly events: unknown;
  answers: Map<unknown, unknown>;
}) {
  return JSON.stringify({ ...effects, answers: [...effects.answers] });
}
