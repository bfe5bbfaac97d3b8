import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { AcquireRequest } from '../../src/core/model/command.js';
import type { Lease } from '../../src/core/model/lease.js';
import { LockStore } from '../../src/store/lock-store.js';
import type { EventPage, EventQuery } from '../../src/journal/event-query.js';
import { Journal, type LeadOptions } from '../../src/journal/journal.js';
import type { Order, Range } from '../../src/journal/range.js';
import type { ServerRow } from '../../src/journal/rows/server-row.js';
import type { Key, TableName, Tables } from '../../src/journal/tables.js';
import type { Succession } from '../../src/journal/succession.js';
import type { Tenure } from '../../src/journal/tenure.js';
import type { StoreOptions } from '../../src/store/store-options.js';
import type { Batch } from '../../src/journal/batch.js';
import { openJournalAt } from './journal.js';
import { ManualClock } from './manual-clock.js';
import { acquireRequest, lock, type AcquireWish } from './law.js';
import { testFolder } from './temp-folder.js';

export const STORE_OPTIONS: StoreOptions = {
  maxLocks: 100_000,
  maxLocksPerUser: 100,
  maxSessions: 100_000,
  maxSessionsPerUser: 100,
  maxWaiters: 1_000,
  maxWaitersPerUser: 1_000,
  maxFences: 1_000,
  maxFencesPerUser: 100,
  restartGraceSeconds: 10,
  eventRetention: 100_000,
  maxPendingCommands: 10_000,
  confirmedReads: false,
};

class Gate {
  open: () => void = () => undefined;
  readonly passed = new Promise<void>((resolve) => {
    this.open = resolve;
  });
}

/** A journal whose commits a test can delay or make fail. */
export class SteeredJournal extends Journal {
  /** Every batch that was passed to the journal. */
  readonly batches: Batch[] = [];
  #gate: Gate | null = null;
  #arrival = new Gate();
  #failure: Error | null = null;

  constructor(private readonly journal: Journal) {
    super();
  }

  get file(): Journal['file'] {
    return this.journal.file;
  }

  async commit(batch: Batch): Promise<void> {
    this.batches.push(batch);
    this.#arrival.open();
    await this.#gate?.passed;
    if (this.#failure !== null) throw this.#failure;
    await this.journal.commit(batch);
  }

  /** A test may say that others can lead as well, and for how long this process is sure. */
  get tenure(): Tenure {
    return this.otherTenure ?? this.journal.tenure;
  }

  otherTenure: Tenure | null = null;

  override get succession(): Succession {
    return this.journal.succession;
  }

  lead(options?: LeadOptions): Promise<ServerRow> {
    return this.journal.lead(options);
  }

  page<T extends TableName>(table: T, order: Order<T>, range: Range): Promise<Tables[T][]> {
    return this.journal.page(table, order, range);
  }

  row<T extends TableName>(table: T, key: Key): Promise<Tables[T] | null> {
    return this.journal.row(table, key);
  }

  findEvents(query: EventQuery): Promise<EventPage> {
    return this.journal.findEvents(query);
  }

  close(): Promise<void> {
    return this.journal.close();
  }

  /** Holds up all commits until `letGo`. */
  hold(): void {
    this.#gate ??= new Gate();
    this.#arrival = new Gate();
  }

  letGo(): void {
    this.#gate?.open();
    this.#gate = null;
  }

  /** Resolves when a commit is being held up. */
  async isHolding(): Promise<void> {
    await this.#arrival.passed;
  }

  failFromNowOn(failure = new Error('the disk is gone')): void {
    this.#failure = failure;
  }
}

/** A store on a real database in a new folder, with a manual clock. */
export class StoreRig {
  readonly clock = new ManualClock();
  readonly path = join(testFolder(), 'octostore.db');
  readonly #options: StoreOptions;
  #opened: { readonly journal: SteeredJournal; readonly store: LockStore } | null = null;

  private constructor(options: Partial<StoreOptions>) {
    this.#options = { ...STORE_OPTIONS, ...options };
  }

  static async open(options: Partial<StoreOptions> = {}): Promise<StoreRig> {
    const rig = new StoreRig(options);
    onTestFinished(() => rig.close());
    await rig.start();
    return rig;
  }

  get store(): LockStore {
    return this.#current.store;
  }

  get journal(): SteeredJournal {
    return this.#current.journal;
  }

  async start(): Promise<void> {
    const journal = new SteeredJournal(await openJournalAt(this.path));
    this.#opened = { journal, store: await LockStore.lead(journal, this.clock, this.#options) };
  }

  async close(): Promise<void> {
    const opened = this.#opened;
    this.#opened = null;
    opened?.journal.letGo();
    await opened?.store.close();
    await opened?.journal.close();
  }

  /** Stops the store, which is down for a while, and starts it again on the same database. */
  async restart(downMs = 0): Promise<void> {
    await this.close();
    this.clock.advance(downMs);
    await this.start();
  }

  async grant(lockName: string, wish: AcquireWish = {}): Promise<Lease> {
    const answer = await this.store.acquire(acquireRequest(lockName, wish), 0);
    if (answer.kind !== 'acquired') throw new Error(`${lockName}: ${answer.kind} instead of acquired`);
    return answer.lease;
  }

  async acquire(lockName: string, wish: AcquireWish = {}): Promise<string> {
    return (await this.store.acquire(acquireRequest(lockName, wish), 0)).kind;
  }

  /** Waits in line for a held lock. */
  wait(request: AcquireRequest, gone?: AbortSignal): ReturnType<LockStore['acquire']> {
    return this.store.acquire(request, 60, gone);
  }

  async release(lease: Lease): Promise<string> {
    return (await this.store.execute(releaseOf(lease))).kind;
  }

  async renew(lease: Lease, ttlSeconds = 60): Promise<string> {
    const { lockName, leaseId, holder } = lease;
    const command = { kind: 'renew', lockName, leaseId, userId: holder.userId, ttlSeconds } as const;
    return (await this.store.execute(command)).kind;
  }

  /** The lease that holds the lock now. */
  holding(lockName: string): Promise<Lease | null> {
    return this.store.read((state, now) => state.firstLiveLease(lock(lockName), now));
  }

  get #current(): { readonly journal: SteeredJournal; readonly store: LockStore } {
    if (this.#opened === null) throw new Error('the store is closed');
    return this.#opened;
  }
}

export function releaseOf({ lockName, leaseId, holder }: Lease) {
  return { kind: 'release', lockName, leaseId, userId: holder.userId } as const;
}

/** The outcome of a promise so far. */
export interface Watched<T> {
  status: 'pending' | 'resolved' | 'rejected';
  value?: T;
  reason?: unknown;
}

/** Follows a promise without waiting for it. */
export function watch<T>(promise: Promise<T>): Watched<T> {
  const watched: Watched<T> = { status: 'pending' };
  promise.then(
    (value) => Object.assign(watched, { status: 'resolved', value }),
    (reason: unknown) => Object.assign(watched, { status: 'rejected', reason }),
  );
  return watched;
}

/** Lets everything happen that does not need the disk. */
export async function settleDown(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
