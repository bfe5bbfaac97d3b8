import { Acquiring, type LeaseOptions } from './acquiring.js';
import type { Call, Caller } from './calls.js';
import { checkName } from './checks.js';
import { readExplanation, type LockExplanation } from './explanation.js';
import { Fields } from './fields.js';
import { queueListPath, readQueueList, type QueueList, type QueueListOptions } from './queue-list.js';
import { historyPath, readHistory, type HistoryOptions, type LockHistory } from './history.js';
import { LeaseKeeping } from './lease-keeping.js';
import { lockPath, routesOfLock, routesOfLocks } from './lease-routes.js';
import { readHeldLock, readLockStatus, readQueue } from './lock-readers.js';
import type { HeldLock, Lease, LockDemand, LockStatus, Queue, WantedLock, WholeLease } from './lock-types.js';

export interface AcquireOptions extends LeaseOptions, LockDemand {}

export interface ListOptions {
  /** Only locks whose names begin with this text. */
  readonly prefix?: string | undefined;
  /** Only your own. */
  readonly owner?: 'me' | undefined;
}

/** The routes of locks and of their lines. */
export class LockApi {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** For a lease of one lock. */
  acquiring(name: string, demand: LockDemand): Acquiring<Lease> {
    return new Acquiring(this.#caller, routesOfLock(name, demand));
  }

  /** For a lease of several locks. */
  acquiringAll(locks: readonly WantedLock[]): Acquiring<WholeLease> {
    return new Acquiring(this.#caller, routesOfLocks(locks));
  }

  /** For the leases of a lock. */
  keeping(name: string): LeaseKeeping<Lease> {
    return new LeaseKeeping(this.#caller, routesOfLock(name));
  }

  async status(name: string): Promise<LockStatus> {
    checkName(name);
    return this.#get(lockPath(name), readLockStatus);
  }

  /** All locks, from every page. */
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

  async queue(name: string): Promise<Queue> {
    checkName(name);
    return this.#get(queuePath(name), readQueue);
  }

  async queues(options: QueueListOptions): Promise<QueueList> {
    return this.#get(queueListPath(options), readQueueList);
  }

  async explain(name: string): Promise<LockExplanation> {
    checkName(name);
    return this.#get(`/explain/${encodeURIComponent(name)}`, readExplanation);
  }

  async history(name: string, options: HistoryOptions): Promise<LockHistory> {
    checkName(name);
    return this.#get(historyPath(name, options), readHistory);
  }

  async leaveQueue(name: string, leaseId: string): Promise<void> {
    checkName(name);
    await this.#caller.call({
      request: () => ({ method: 'DELETE', path: `${queuePath(name)}/${encodeURIComponent(leaseId)}` }),
      read: (text) => Fields.parse(text).text('status'),
      isSafe: true,
      goneIs: 'left',
    });
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

function queuePath(name: string): string {
  return `/queues/${encodeURIComponent(name)}`;
}
