import type { Statement } from '../../../src/journal/postgres/connection/connection.js';
import { CHAIN_BROKEN } from '../../../src/journal/postgres/connection/sql-errors.js';
import type { CancelTimer } from '../../../src/clock/clock.js';
import type { World } from '../world/world.js';
import type { Instance as InstanceFacts } from './called-functions.js';
import type { DatabaseState, Value } from './database-state.js';
import type { DescribedSchema } from './described-schema.js';
import { parse, type Parsed } from './statements.js';
import { serverError } from './server-error.js';

/** A transaction in the write-ahead log, with all before it. */
export interface Entry {
  readonly index: number;
  readonly previous: Entry | null;
  readonly state: DatabaseState;
  readonly statement: Statement | null;
  readonly parsed: Parsed | null;
}

export type Reply =
  | {
      readonly kind: 'rows';
      readonly rows: readonly Record<string, Value>[];
      readonly count: number;
      readonly isWarned: boolean;
    }
  | { readonly kind: 'error'; readonly error: Error; readonly endsConnection: boolean };

/** What an instance is part of. */
export interface Surroundings {
  readonly world: World;
  readonly schema: DescribedSchema;
  readonly systemId: string;
  /** Whether a commit must wait for the standby. */
  readonly isSynchronous: boolean;
  readonly wallMs: () => number;
  readonly flushed: (instance: Instance, entry: Entry) => void;
}

interface Transaction {
  readonly statement: Statement;
  readonly parsed: Parsed;
  readonly reply: (reply: Reply) => void;
  entry: Entry | null;
  cancelTimeout: CancelTimer;
}

/** Of every function, in milliseconds. */
const LOCK_TIMEOUT_MS = 5_000;

const DONE = { kind: 'rows', rows: [{}], count: 1, isWarned: false } as const satisfies Reply;
const NOTHING_FOUND: Reply = { kind: 'rows', rows: [], count: 0, isWarned: false };

/** One server of PostgreSQL. It writes one transaction after another, because each of them locks the server row. */
export class Instance {
  readonly number: number;
  isUp = true;
  isStandby: boolean;
  timeline: number;
  startedAtMs: number;
  /** The last transaction that others can see. */
  visible: Entry;
  /** The last transaction in the log. It survives a restart. */
  flushed: Entry;
  readonly #surroundings: Surroundings;
  readonly #onStop = new Set<() => void>();
  #running: Transaction | null = null;
  #waiting: Transaction[] = [];
  /** Increases when the server stops, and everything that was under way is gone. */
  #life = 0;

  constructor(number: number, surroundings: Surroundings, entry: Entry, isStandby: boolean) {
    this.number = number;
    this.#surroundings = surroundings;
    this.visible = entry;
    this.flushed = entry;
    this.isStandby = isStandby;
    this.timeline = 1;
    this.startedAtMs = surroundings.world.nowMs;
  }

  get life(): number {
    return this.#life;
  }

  /** Calls `task` when the server stops. Returns what ends that. */
  whenItStops(task: () => void): () => void {
    this.#onStop.add(task);
    return () => void this.#onStop.delete(task);
  }

  /** Runs one statement. The reply is not called if the server stops before. */
  run(statement: Statement, reply: (reply: Reply) => void): void {
    const parsed = parse(statement, this.#surroundings.schema);
    if (parsed.kind === 'read') {
      const rows = parsed.read(this.readable(), this.#surroundings.wallMs());
      return reply({ kind: 'rows', rows, count: rows.length, isWarned: false });
    }
    // PostgreSQL looks for the row in the snapshot of the statement. If it is not there, it does not wait.
    if (!this.finds(parsed)) return reply(refusal(parsed));
    const transaction = { statement, parsed, reply, entry: null, cancelTimeout: () => undefined };
    if (this.#running === null) this.#begin(transaction);
    else this.#enqueue(transaction);
  }

  get isWaitingForStandby(): boolean {
    return this.#running !== null && this.#running.entry !== null;
  }

  /** Someone cancels the wait for the standby. What was written becomes visible. */
  cancelWait(): void {
    this.#endWait({ ...DONE, isWarned: true });
  }

  /** Someone terminates the session that waits for the standby. What was written becomes visible. */
  terminateWait(): void {
    this.#endWait({ kind: 'error', error: serverError('57P01'), endsConnection: true });
  }

  /** The standby has everything up to this entry. */
  acknowledged(entry: Entry): void {
    if ((this.#running?.entry?.index ?? Infinity) <= entry.index) this.#endWait(DONE);
  }

  /** Everything stops at once. What was flushed is visible when the server starts again. */
  crash(): void {
    this.#life += 1;
    this.isUp = false;
    this.#running?.cancelTimeout();
    for (const { cancelTimeout } of this.#waiting) cancelTimeout();
    this.#running = null;
    this.#waiting = [];
    this.visible = this.flushed;
    const tasks = [...this.#onStop];
    this.#onStop.clear();
    for (const task of tasks) task();
  }

  start(): void {
    this.isUp = true;
    this.startedAtMs = this.#surroundings.world.nowMs;
  }

  /** A standby receives the log. */
  receive(entry: Entry): void {
    this.flushed = entry;
    this.visible = entry;
  }

  /** What a statement that only reads can see. */
  readable(): DatabaseState {
    return this.visible.state;
  }

  /** Whether a transaction returns only when the standby has it. */
  waitsForStandby(_parsed: Parsed): boolean {
    return this.#surroundings.isSynchronous;
  }

  /** Whether the statement finds the server row, as it is visible now. */
  finds(parsed: Parsed): boolean {
    const { state } = this.visible;
    if (parsed.kind === 'call')
      return this.#surroundings.schema.functions.finds(parsed.verb, parsed.args, state, this.#facts);
    return parsed.kind === 'update' && parsed.change(state) !== null;
  }

  #enqueue(transaction: Transaction): void {
    this.#waiting.push(transaction);
    transaction.cancelTimeout = this.#surroundings.world.after(LOCK_TIMEOUT_MS, () => {
      this.#waiting = this.#waiting.filter((other) => other !== transaction);
      transaction.reply({ kind: 'error', error: serverError('55P03'), endsConnection: false });
    });
  }

  #begin(transaction: Transaction): void {
    const { world } = this.#surroundings;
    const life = this.#life;
    this.#running = transaction;
    world.after(world.random.span(0.25, 1.5), () => {
      if (life === this.#life) this.#flush(transaction);
    });
  }

  #flush(transaction: Transaction): void {
    const { statement, parsed } = transaction;
    let state: DatabaseState;
    try {
      state = this.#changed(parsed);
    } catch (error) {
      const reason = error instanceof Error ? error : new Error(String(error));
      return this.#finish({ kind: 'error', error: reason, endsConnection: false });
    }
    const entry = { index: this.flushed.index + 1, previous: this.flushed, state, statement, parsed };
    transaction.entry = entry;
    this.flushed = entry;
    this.#note(entry);
    if (!this.waitsForStandby(parsed)) this.#endWait(DONE);
    this.#surroundings.flushed(this, entry);
  }

  #note({ parsed, state: { server } }: Entry): void {
    const what = parsed?.kind === 'call' ? parsed.verb : 'update';
    this.#surroundings.world.note(what, this.number, Number(server.epoch), Number(server.commit_no));
  }

  #changed(parsed: Parsed): DatabaseState {
    const { state } = this.visible;
    if (parsed.kind === 'update') return parsed.change(state) ?? state;
    if (parsed.kind === 'read') return state;
    return this.#surroundings.schema.functions.apply(parsed.verb, parsed.args, state, this.#facts);
  }

  get #facts(): InstanceFacts {
    const { wallMs, systemId, isSynchronous } = this.#surroundings;
    const { timeline, startedAtMs } = this;
    return { systemId, timeline, startedAtMs, isSynchronous, wallMs: wallMs() };
  }

  #endWait(reply: Reply): void {
    const entry = this.#running?.entry ?? null;
    if (entry === null) return;
    this.visible = entry;
    this.#finish(reply);
  }

  #finish(reply: Reply): void {
    this.#running?.reply(reply);
    this.#running = null;
    this.#next();
  }

  /** The next one that still finds the server row where it expects it. */
  #next(): void {
    for (;;) {
      const transaction = this.#waiting.shift();
      if (transaction === undefined) return;
      transaction.cancelTimeout();
      if (this.finds(transaction.parsed)) return this.#begin(transaction);
      transaction.reply(refusal(transaction.parsed));
    }
  }
}

function refusal({ kind }: Parsed): Reply {
  if (kind === 'update') return NOTHING_FOUND;
  return { kind: 'error', error: serverError(CHAIN_BROKEN), endsConnection: false };
}
