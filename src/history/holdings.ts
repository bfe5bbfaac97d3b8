import type { LockWarning } from '../core/model/event.js';
import type { LockName } from '../core/model/lock-name.js';
import type { LoggedEvent } from '../journal/logged-event.js';
import { Holding } from './holding.js';
import { Pace } from './pace.js';

/** How many leases are remembered of one lock, the latest ones. */
export const LEASES_PER_LOCK_MAX = 100;

/** How many leases are remembered of all locks. Each takes about 300 bytes. */
export const LEASES_MAX = 100_000;

/** How many leases that go on are passed over to make room for one more. So the cost of an event is bounded. */
const PASSED_OVER_MAX = 2;

/** What is known of one lock. */
interface Known {
  /** In order of their grants. */
  readonly holdings: Holding[];
  readonly pace: Pace;
}

/** @param event the one that gave the reason. */
export type OnWarning = (warning: LockWarning, event: LoggedEvent) => void;

interface HoldingsOptions {
  readonly max?: number;
  readonly perLockMax?: number;
  /** Called as soon as an event gives reason to. */
  readonly onWarning?: OnWarning;
}

/** The latest leases of each lock. Those that go on are forgotten last. */
export class Holdings {
  readonly #ofLock = new Map<LockName, Known>();
  /** Those that are to be forgotten first come first. It also has some that were forgotten already. */
  #line: Holding[] = [];
  #lineStart = 0;
  #size = 0;

  readonly #max: number;
  readonly #perLockMax: number;
  readonly #onWarning: OnWarning;

  constructor({
    max = LEASES_MAX,
    perLockMax = LEASES_PER_LOCK_MAX,
    onWarning = () => undefined,
  }: HoldingsOptions = {}) {
    this.#max = max;
    this.#perLockMax = perLockMax;
    this.#onWarning = onWarning;
  }

  get size(): number {
    return this.#size;
  }

  /** @param event the next one in the log. */
  add(event: LoggedEvent): void {
    if (event.type === 'warning') return;
    const known = this.#ofLock.get(event.subject.lockName);
    const holding = known?.holdings.findLast(({ fencingToken }) => fencingToken === event.body.fencingToken);
    if (holding === undefined) this.#begin(event, known);
    else holding.add(event);
    if (event.type === 'renewed' && holding !== undefined && holding.lateRenewal !== null)
      this.#onWarning({ kind: 'renews_late', ...holding.lateRenewal }, event);
  }

  /** The leases of a lock, in order of their grants. */
  of(lockName: LockName): readonly Holding[] {
    return this.#ofLock.get(lockName)?.holdings ?? [];
  }

  /** How often a lock is granted. Null if none of its leases is known. */
  paceOf(lockName: LockName): Pace | null {
    return this.#ofLock.get(lockName)?.pace ?? null;
  }

  #begin(event: LoggedEvent, before: Known | undefined): void {
    const holding = new Holding(event);
    const known = before ?? { holdings: [], pace: new Pace() };
    if (before === undefined) this.#ofLock.set(holding.lockName, known);
    const { pace } = known;
    if (event.type === 'acquired' && pace.add(event.at))
      this.#onWarning(
        { kind: 'changes_hands_often', latelyMs: pace.latelyMs, usuallyMs: pace.usuallyMs },
        event,
      );
    if (known.holdings.push(holding) > this.#perLockMax) this.#forgetOneOf(known.holdings);
    this.#line.push(holding);
    this.#size += 1;
    if (this.#size > this.#max) this.#forgetFirst();
    else if (this.#line.length > 2 * this.#max) this.#tidyLine();
  }

  #forgetOneOf(holdings: Holding[]): void {
    const ended = holdings.findIndex(({ end }) => end !== null);
    this.#drop(holdings, Math.max(0, ended));
  }

  #forgetFirst(): void {
    for (let passedOver = 0; ;) {
      const first = this.#takeFirst();
      if (first === undefined) return;
      const holdings = this.#ofLock.get(first.lockName)?.holdings ?? [];
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
    if (this.#line.length > 2 * this.#max) this.#tidyLine();
    return first;
  }

  /** Takes out those that were taken before, and those that their locks have forgotten. */
  #tidyLine(): void {
    const line = this.#line.slice(this.#lineStart);
    this.#line = line.filter((holding) => this.of(holding.lockName).includes(holding));
    this.#lineStart = 0;
  }
}
