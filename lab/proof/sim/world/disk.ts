import type { EventEntity } from '../../../../src/store/entities/event.entity.js';
import type { LeaseEntity } from '../../../../src/store/entities/lease.entity.js';
import type { ServerEntity } from '../../../../src/store/entities/server.entity.js';
import type { SessionEntity } from '../../../../src/store/entities/session.entity.js';
import type { CursorEntity } from '../../../../src/store/entities/cursor.entity.js';
import { selects, type EventPage, type EventQuery } from '../../../../src/store/event-query.js';
import { Journal, PRUNE_BITE, type Batch } from '../../../../src/store/journal.js';
import type { TableName, Tables } from '../../../../src/store/tables.js';
import type { Owner } from './agenda.js';
import type { Profile } from '../profile.js';
import type { World } from './world.js';

/** The disk refused. */
export class DiskError extends Error {
  override readonly name = 'DiskError';
}

export interface DiskHooks {
  /** A batch has become durable. Whether anybody will ever be told is another matter. */
  readonly written: (batch: Batch) => void;
  /** The process dies at this point of a commit. */
  readonly crash: () => void;
}

/** What outlives processes and machines' boots: the rows of all batches that became durable, each of them whole. */
export class SimDisk {
  readonly leases = new Map<number, LeaseEntity>();
  readonly sessions = new Map<string, SessionEntity>();
  readonly cursors = new Map<string, CursorEntity>();
  /** The event log, as pruned as it is. */
  events: EventEntity[] = [];
  server: ServerEntity = {
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
    if (pruned > 0) this.events = this.events.slice(Math.min(pruned, PRUNE_BITE));
    this.#hooks.written(batch);
  }

  crashNow(): void {
    this.#hooks.crash();
  }

  #writeRows({ rows }: Batch): void {
    const leases = rows.of('leases');
    for (const key of leases.gone) this.leases.delete(Number(key));
    for (const row of leases.put) this.leases.set(row.fencingToken, row);
    const sessions = rows.of('sessions');
    for (const key of sessions.gone) this.sessions.delete(String(key));
    for (const row of sessions.put) this.sessions.set(row.sessionId, row);
    for (const row of rows.of('cursors').put) this.cursors.set(row.reader, row);
    this.events.push(...rows.of('events').put);
  }
}

/** One process's way to the disk. Commits take time, fail, and may be cut short by the end of the process. */
export class SimJournal extends Journal {
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

  open(): Promise<ServerEntity> {
    const { server } = this.#disk;
    this.#disk.server = { ...server, epoch: server.epoch + 1 };
    return Promise.resolve(this.#disk.server);
  }

  async *pages<T extends TableName>(table: T): AsyncGenerator<Tables[T][]> {
    const { leases, sessions, cursors, events } = this.#disk;
    const kept: { [name in TableName]?: readonly unknown[] } = {
      leases: [...leases.values()],
      sessions: [...sessions.values()],
      cursors: [...cursors.values()],
      events,
    };
    yield (kept[table] ?? []) as Tables[T][];
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
    return new Promise((resolve, reject) => {
      this.#world.after(
        durationMs,
        () => {
          this.#underWay = null;
          if (batch.epoch !== this.#disk.server.epoch) return reject(new DiskError('deposed'));
          // Nobody knows what a failed commit has written.
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

  /** The power goes: what was under way is there as a whole or, torn or not begun, not at all. */
  cut(): void {
    const batch = this.#underWay;
    this.#underWay = null;
    if (batch === null) return;
    const isKept = this.#world.random.chance(0.5);
    this.#world.note('disk', isKept ? 'kept what was under way' : 'lost what was under way');
    if (isKept) this.#disk.write(batch);
  }

  eventsAfter(sequence: number, limit: number): Promise<EventEntity[]> {
    const { events } = this.#disk;
    return Promise.resolve(events.filter((event) => event.sequence > sequence).slice(0, limit));
  }

  findEvents({ selector, after, through, limit }: EventQuery): Promise<EventPage> {
    const isWanted = ({ sequence, lockName }: EventEntity): boolean =>
      sequence > after && sequence <= through && selects(selector, lockName);
    const events = this.#disk.events.filter(isWanted).slice(0, limit);
    const last = events.length === limit ? events.at(-1) : undefined;
    return Promise.resolve({ events, through: last?.sequence ?? through });
  }

  deliveries(): Promise<[]> {
    return Promise.resolve([]);
  }

  delivery(): Promise<null> {
    return Promise.resolve(null);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #crashAfter(delayMs: number): void {
    this.#world.after(delayMs, () => this.#disk.crashNow(), this.#owner);
  }
}
