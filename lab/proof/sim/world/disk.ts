import type { LoggedEvent } from '../../../../src/journal/logged-event.js';
import type { BrokenLeaseRow } from '../../../../src/journal/rows/broken-lease-row.js';
import type { CoolingRow } from '../../../../src/journal/rows/cooling-row.js';
import type { FenceRow } from '../../../../src/journal/rows/fence-row.js';
import type { LeaseRow } from '../../../../src/journal/rows/lease-row.js';
import type { ServerRow } from '../../../../src/journal/rows/server-row.js';
import type { SessionRow } from '../../../../src/journal/rows/session-row.js';
import type { CursorRow } from '../../../../src/journal/rows/cursor-row.js';
import { selects, type EventPage, type EventQuery } from '../../../../src/journal/event-query.js';
import { PRUNED_AT_ONCE, type Batch } from '../../../../src/journal/batch.js';
import { Journal } from '../../../../src/journal/journal.js';
import type { Range } from '../../../../src/journal/range.js';
import { TABLES, type Key, type TableName, type Tables } from '../../../../src/journal/tables.js';
import { LIFELONG } from '../../../../src/journal/tenure.js';
import type { Profile } from '../profile.js';
import type { Owner } from '../../../kit/world/agenda.js';
import type { World } from '../../../kit/world/world.js';

/** A commit failed on the disk. */
export class DiskError extends Error {
  override readonly name = 'DiskError';
}

export interface DiskHooks {
  /** A batch is on its way to the disk. */
  readonly begun: (batch: Batch) => void;
  /** A batch has become durable. The process may still die before it answers anyone. */
  readonly written: (batch: Batch) => void;
  /** The process dies at this point of a commit. */
  readonly crash: () => void;
}

/** Survives processes and reboots: the rows of all durable batches, each of them whole. */
export class SimDisk {
  readonly leases = new Map<number, LeaseRow>();
  readonly sessions = new Map<string, SessionRow>();
  readonly cursors = new Map<string, CursorRow>();
  readonly coolings = new Map<string, CoolingRow>();
  readonly brokenLeases = new Map<number, BrokenLeaseRow>();
  readonly fences = new Map<string, FenceRow>();
  /** The event log, without what has been pruned. */
  events: LoggedEvent[] = [];
  server: ServerRow = {
    id: 1,
    epoch: 0,
    lastFencingToken: 0,
    lastSequence: 0,
    prunedThrough: 0,
    restoredAt: 0,
    lastInstant: 0,
    bootId: null,
    monotonicOffset: 0,
    wallSkew: 0,
    graces: null,
  };
  readonly #hooks: DiskHooks;

  constructor(hooks: DiskHooks) {
    this.#hooks = hooks;
  }

  write(batch: Batch): void {
    this.server = { ...this.server, ...batch.watermarks };
    this.#writeRows(batch);
    const firstKept = this.events.findIndex(({ sequence }) => sequence > batch.watermarks.prunedThrough);
    const pruned = firstKept === -1 ? this.events.length : firstKept;
    if (pruned > 0) this.events = this.events.slice(Math.min(pruned, PRUNED_AT_ONCE));
    this.#hooks.written(batch);
  }

  begin(batch: Batch): void {
    this.#hooks.begun(batch);
  }

  crashNow(): void {
    this.#hooks.crash();
  }

  #writeRows({ rows }: Batch): void {
    const leases = rows.of('leases');
    for (const key of leases.removed) this.leases.delete(Number(key));
    for (const row of leases.put) this.leases.set(row.fencingToken, row);
    const sessions = rows.of('sessions');
    for (const key of sessions.removed) this.sessions.delete(String(key));
    for (const row of sessions.put) this.sessions.set(row.sessionId, row);
    const coolings = rows.of('coolings');
    for (const key of coolings.removed) this.coolings.delete(String(key));
    for (const row of coolings.put) this.coolings.set(row.lockName, row);
    const brokenLeases = rows.of('broken_leases');
    for (const key of brokenLeases.removed) this.brokenLeases.delete(Number(key));
    for (const row of brokenLeases.put) this.brokenLeases.set(row.fencingToken, row);
    const fences = rows.of('fences');
    for (const key of fences.removed) this.fences.delete(String(key));
    for (const row of fences.put) this.fences.set(row.name, row);
    for (const row of rows.of('cursors').put) this.cursors.set(row.reader, row);
    this.events.push(...rows.events);
  }
}

/** The journal of one process. Commits take time and fail, and the end of the process may interrupt them. */
export class SimJournal extends Journal {
  readonly file = null;
  readonly tenure = LIFELONG;
  readonly #disk: SimDisk;
  readonly #world: World;
  readonly #profile: Profile;
  readonly #owner: Owner;
  /** On its way to the disk. If the process dies now, either outcome is legal. */
  #underWay: Batch | null = null;

  constructor(disk: SimDisk, world: World, profile: Profile, owner: Owner) {
    super();
    this.#disk = disk;
    this.#world = world;
    this.#profile = profile;
    this.#owner = owner;
  }

  lead(): Promise<ServerRow> {
    const { server } = this.#disk;
    this.#disk.server = { ...server, epoch: server.epoch + 1 };
    return Promise.resolve(this.#disk.server);
  }

  page<T extends TableName>(table: T, _order: unknown, { after, limit }: Range): Promise<Tables[T][]> {
    const keyOf = TABLES[table].keyOf as (row: Tables[T]) => Key;
    const rows = this.#rowsOf(table).filter((row) => after === undefined || keyOf(row) > after);
    return Promise.resolve(rows.slice(0, limit));
  }

  commit(batch: Batch): Promise<void> {
    const { random } = this.#world;
    const { commitMs, slowCommit, failedCommit, crashAtCommit } = this.#profile;
    const durationMs = random.chance(slowCommit) ? random.span(20, 400) : random.span(0.25, commitMs);
    const willFail = random.chance(failedCommit);
    const crashAt = random.chance(crashAtCommit) ? random.pick(['before', 'during', 'after']) : 'never';
    if (crashAt === 'before') this.#crashAfter(0);
    if (crashAt === 'during') this.#crashAfter(random.span(0, durationMs));
    this.#underWay = batch;
    this.#disk.begin(batch);
    return new Promise((resolve, reject) => {
      this.#world.after(
        durationMs,
        () => {
          this.#underWay = null;
          if (batch.epoch !== this.#disk.server.epoch)
            return reject(new DiskError('another process has begun a newer term'));
          // A failed commit may have written the batch or not.
          if (!willFail || random.chance(0.5)) this.#disk.write(batch);
          this.#world.note('disk', willFail ? 'fails' : 'has', batch.watermarks.lastSequence);
          if (crashAt === 'after') return this.#disk.crashNow();
          const settle = willFail ? () => reject(new DiskError('input/output error')) : resolve;
          this.#world.after(random.span(0, 0.5), settle, this.#owner);
        },
        this.#owner,
      );
    });
  }

  /** The process ends. A batch on its way to the disk is written as a whole or not at all. */
  cut(): void {
    const batch = this.#underWay;
    this.#underWay = null;
    if (batch === null) return;
    const isKept = this.#world.random.chance(0.5);
    this.#world.note('disk', isKept ? 'kept what was under way' : 'lost what was under way');
    if (isKept) this.#disk.write(batch);
  }

  findEvents({ selector, after, through, limit }: EventQuery): Promise<EventPage> {
    const isWanted = ({ sequence, subject }: LoggedEvent): boolean =>
      sequence > after && sequence <= through && selects(selector, subject);
    const events = this.#disk.events.filter(isWanted).slice(0, limit);
    const last = events.length === limit ? events.at(-1) : undefined;
    return Promise.resolve({ events, through: last?.sequence ?? through });
  }

  row(): Promise<null> {
    return Promise.resolve(null);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** In the order of their keys. */
  #rowsOf<T extends TableName>(table: T): readonly Tables[T][] {
    const { leases, sessions, cursors, coolings, brokenLeases, fences, events } = this.#disk;
    const kept: { [name in TableName]?: readonly unknown[] } = {
      leases: inOrder(leases),
      sessions: inOrder(sessions),
      cursors: inOrder(cursors),
      coolings: inOrder(coolings),
      broken_leases: inOrder(brokenLeases),
      fences: inOrder(fences),
      events,
    };
    return (kept[table] ?? []) as Tables[T][];
  }

  #crashAfter(delayMs: number): void {
    this.#world.after(delayMs, () => this.#disk.crashNow(), this.#owner);
  }
}

function inOrder<K extends Key, Row>(rows: ReadonlyMap<K, Row>): Row[] {
  return [...rows].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}
