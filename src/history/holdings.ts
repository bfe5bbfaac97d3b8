import type { LockName } from '../core/model/lock-name.js';
import type { LoggedEvent } from '../journal/logged-event.js';
import { Holding } from './holding.js';

/** How many leases are remembered of one lock, the latest ones. */
export const LEASES_PER_LOCK_MAX = 100;

/** How many leases are remembered of all locks. Each takes about 300 bytes. */
export const LEASES_MAX = 100_000;

/** How many leases that go on are passed over to make room for one more. So the cost of an event is bounded. */
const PASSED_OVER_MAX = 2;

/** The latest leases of each lock. Those that go on are forgotten last. */
export class Holdings {
  /** In order of their grants. */
  readonly #ofLock = new Map<LockName, Holding[]>();
  /** Those that are to be forgotten first come first. It also has some that were forgotten already. */
  #line: Holding[] = [];
  #lineStart = 0;
  #size = 0;

  constructor(
    private readonly max = LEASES_MAX,
    private readonly perLockMax = LEASES_PER_LOCK_MAX,
  ) {}

  get size(): number {
    return this.#size;
  }

  /** @param event the next one in the log. */
  add(event: LoggedEvent): void {
    const known = this.#ofLock.get(event.subject.lockName);
    const holding = known?.findLast(({ fencingToken }) => fencingToken === event.body.fencingToken);
    if (holding === undefined) this.#begin(new Holding(event), known);
    else holding.add(event);
  }

  /** The leases of a lock, in order of their grants. */
  of(lockName: LockName): readonly Holding[] {
    return this.#ofLock.get(lockName) ?? [];
  }

  #begin(holding: Holding, others: Holding[] | undefined): void {
    if (others === undefined) this.#ofLock.set(holding.lockName, [holding]);
    else if (others.push(holding) > this.perLockMax) this.#forgetOneOf(others);
    this.#line.push(holding);
    this.#size += 1;
    if (this.#size > this.max) this.#forgetFirst();
    else if (this.#line.length > 2 * this.max) this.#tidyLine();
  }

  #forgetOneOf(holdings: Holding[]): void {
    const ended = holdings.findIndex(({ end }) => end !== null);
    this.#drop(holdings, Math.max(0, ended));
  }

  #forgetFirst(): void {
    for (let passedOver = 0; ;) {
      const first = this.#takeFirst();
      if (first === undefined) return;
      const holdings = this.#ofLock.get(first.lockName) ?? [];
      const index = holdings.indexOf(first);
      if (index < 0) continue;
      if (first.end !== null || passedOver === PASSED_OVER_MAX) {
        this.#drop(holdings, index);
        return;
      }
      passedOver += 1;
      this.#line.push(first);
    }
  }

  #drop(holdings: Holding[], index: number): void {
    const [dropped] = holdings.splice(index, 1);
    if (dropped !== undefined && holdings.length === 0) this.#ofLock.delete(dropped.lockName);
    this.#size -= 1;
  }

  #takeFirst(): Holding | undefined {
    const first = this.#line[this.#lineStart];
    if (first === undefined) return undefined;
    this.#lineStart += 1;
    if (this.#line.length > 2 * this.max) this.#tidyLine();
    return first;
  }

  /** Takes out those that were taken before, and those that their locks have forgotten. */
  #tidyLine(): void {
    const line = this.#line.slice(this.#lineStart);
    this.#line = line.filter((holding) => this.of(holding.lockName).includes(holding));
    this.#lineStart = 0;
  }
}
