import type { World } from '../world/world.js';
import { DatabaseState, type Row } from './database-state.js';
import type { DescribedSchema } from './described-schema.js';
import { Instance, type Entry, type Surroundings } from './instance.js';

/** What becomes of the history that the database keeps. */
export interface HistoryHooks {
  /** The entry can no longer be lost, as long as the database keeps its promises. Called for each, in order. */
  readonly kept: (entry: Entry) => void;
  /** Everything after this entry is lost, although it had been acknowledged. */
  readonly lostAfter: (entry: Entry) => void;
}

export interface ClusterParts {
  readonly world: World;
  readonly schema: DescribedSchema;
  /** Whether each commit waits for the standby. */
  readonly isSynchronous: boolean;
  /** How long the log takes to the standby, and the acknowledgement back, in milliseconds at most. */
  readonly replicationMs: number;
  /** The clock of the database, since 1970. */
  readonly wallMs: () => number;
  readonly hooks: HistoryHooks;
}

const NEW_SERVER_ROW: Row = {
  id: 1,
  epoch: 0,
  last_fencing_token: 0,
  last_sequence: 0,
  pruned_through: 0,
  restored_at: 0,
  last_instant: 0,
  boot_id: null,
  monotonic_offset: 0,
  wall_skew: 0,
  reign: null,
  commit_no: 0,
  leader_url: null,
  system_id: null,
  timeline: null,
  postmaster_started_at: null,
  synchronous: false,
  db_clock: null,
  continues_from: null,
  graces: null,
  format: 1,
};

/** A primary and its standby. The standby can be promoted, and then the other one comes back as its standby. */
export class Cluster {
  readonly instances: readonly Instance[];
  readonly #parts: ClusterParts;
  #primary: Instance;
  #standby: Instance | null;
  /** The last entry that is certainly kept. */
  #kept: Entry;
  /** The stream of the log. Another number is another stream, and what is still on its way in the old one is dropped. */
  #stream = 0;
  #standbyHoldsUntilMs = 0;

  constructor(parts: ClusterParts) {
    this.#parts = parts;
    const { world, schema, isSynchronous, wallMs } = parts;
    const state = DatabaseState.empty(NEW_SERVER_ROW);
    const first: Entry = { index: 0, previous: null, state, statement: null, parsed: null };
    const surroundings: Surroundings = {
      world,
      schema,
      isSynchronous,
      wallMs,
      systemId: '7301',
      flushed: (instance, entry) => this.#flushed(instance, entry),
    };
    this.instances = [0, 1].map((number) => new Instance(number, surroundings, first, number === 1));
    const [primary, standby] = this.instances;
    if (primary === undefined || standby === undefined) throw new Error('there are two instances');
    this.#primary = primary;
    this.#standby = standby;
    this.#kept = first;
  }

  get primary(): Instance {
    return this.#primary;
  }

  /** The database as it is kept. */
  get kept(): Entry {
    return this.#kept;
  }

  /** Whether a standby could be promoted now. */
  get hasStandby(): boolean {
    return this.#standby !== null;
  }

  /** The standby receives nothing for a while. */
  holdStandby(ms: number): void {
    this.#standbyHoldsUntilMs = this.#parts.world.nowMs + ms;
  }

  /** The server stops at once, and starts again. */
  restart(downMs: number): void {
    const primary = this.#primary;
    primary.crash();
    this.#stream += 1;
    this.#parts.world.after(downMs, () => {
      if (primary !== this.#primary) return;
      primary.start();
      this.#catchUp();
    });
  }

  /**
   * The standby becomes the primary.
   *
   * @param livesOnMs how long the old primary goes on for those who are connected to it. 0 if it has crashed.
   */
  failOver(promotionMs: number, livesOnMs: number, rejoinMs: number): void {
    const { world } = this.#parts;
    const [old, next] = [this.#primary, this.#standby];
    if (next === null) return;
    this.#stream += 1;
    this.#standby = null;
    if (livesOnMs === 0) old.crash();
    else world.after(livesOnMs, () => old.crash());
    this.#primary = next;
    this.#lose(next.flushed);
    world.after(promotionMs, () => {
      next.timeline += 1;
      next.isStandby = false;
    });
    world.after(Math.max(promotionMs, livesOnMs) + rejoinMs, () => this.#rejoin(old));
  }

  /** The old primary becomes a copy of the new one. */
  #rejoin(old: Instance): void {
    old.crash();
    old.isStandby = true;
    old.timeline = this.#primary.timeline;
    old.receive(this.#primary.flushed);
    old.start();
    this.#standby = old;
    this.#acknowledge(this.#primary.flushed);
    this.#catchUp();
  }

  #flushed(instance: Instance, entry: Entry): void {
    if (instance !== this.#primary) return;
    if (!this.#parts.isSynchronous) this.#keep(entry);
    this.#send(entry);
  }

  /** Sends what the standby lacks, once it is connected again. */
  #catchUp(): void {
    this.#send(this.#primary.flushed);
  }

  #send(entry: Entry): void {
    const { world, replicationMs } = this.#parts;
    const stream = this.#stream;
    const holdMs = Math.max(0, this.#standbyHoldsUntilMs - world.nowMs);
    world.after(holdMs + world.random.span(0.25, replicationMs), () => {
      if (stream !== this.#stream || this.#standby === null) return;
      if (entry.index > this.#standby.flushed.index) this.#standby.receive(entry);
      this.#acknowledge(this.#standby.flushed);
    });
  }

  /** The standby has the entry, so it is kept. The primary learns that later. */
  #acknowledge(entry: Entry): void {
    const { world, replicationMs, isSynchronous } = this.#parts;
    const stream = this.#stream;
    if (isSynchronous) this.#keep(entry);
    world.after(world.random.span(0.25, replicationMs), () => {
      if (stream === this.#stream) this.#primary.acknowledged(entry);
    });
  }

  #keep(entry: Entry): void {
    const added: Entry[] = [];
    for (let at: Entry | null = entry; at !== null && at.index > this.#kept.index; at = at.previous)
      added.push(at);
    if (added.length > 0) this.#kept = entry;
    for (const each of added.toReversed()) this.#parts.hooks.kept(each);
  }

  #lose(entry: Entry): void {
    if (this.#kept.index <= entry.index) return;
    this.#kept = entry;
    this.#parts.hooks.lostAfter(entry);
  }
}
