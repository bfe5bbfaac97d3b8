import type { Statement } from '../../../../src/journal/postgres/connection/connection.js';
import type { Batch } from '../../../../src/journal/batch.js';
import type { World } from '../../../kit/world/world.js';
import { numberIn, type DatabaseState } from '../../../kit/simulated-postgres/database-state.js';
import type { Entry } from '../../../kit/simulated-postgres/instance.js';

/** A term that has begun in the database, for good. */
export interface BegunTerm {
  readonly reign: string;
  readonly entry: Entry;
  readonly sinceMs: number;
}

/** The one history that the database keeps. Checks how it goes on, and knows what is kept. */
export class History {
  readonly #world: World;
  readonly #report: (broken: string) => void;
  readonly #batches = new WeakMap<Statement, Batch>();
  readonly #kept = new WeakSet<Batch>();
  #terms: BegunTerm[] = [];
  /** The highest token and sequence that anyone outside has been told. */
  #toldToken = 0;
  #toldSequence = 0;
  readonly #onKept: (entry: Entry, batch: Batch | null) => void;

  constructor(world: World, onKept: (entry: Entry, batch: Batch | null) => void) {
    this.#world = world;
    this.#report = (broken) => world.report(broken);
    this.#onKept = onKept;
  }

  /** A process has made the statement that commits a batch. */
  called(statement: Statement, batch: Batch): void {
    this.#batches.set(statement, batch);
  }

  isKept(batch: Batch): boolean {
    return this.#kept.has(batch);
  }

  /** Null if the term never became durable, or was lost. */
  term(reign: string): BegunTerm | null {
    return this.#terms.find((term) => term.reign === reign) ?? null;
  }

  /** Since when a term is over because a newer one has begun, in true time. */
  overSinceMs(reign: string): number {
    const index = this.#terms.findIndex((term) => term.reign === reign);
    return index === -1 ? Infinity : (this.#terms[index + 1]?.sinceMs ?? Infinity);
  }

  toldToken(token: number): void {
    this.#toldToken = Math.max(this.#toldToken, token);
  }

  toldSequence(sequence: number): void {
    this.#toldSequence = Math.max(this.#toldSequence, sequence);
  }

  kept(entry: Entry): void {
    const { previous, parsed, statement, state } = entry;
    if (previous === null || parsed === null || statement === null) return;
    if (parsed.kind === 'call') this.#called(parsed.verb, parsed.args, previous.state, entry);
    this.#expectOnward(previous.state, state);
    const batch = this.#batches.get(statement) ?? null;
    if (batch !== null) this.#kept.add(batch);
    this.#onKept(entry, batch);
  }

  /** Only without a synchronous standby. Returns how many terms were lost as a whole. */
  lostAfter(entry: Entry): number {
    const before = this.#terms.length;
    this.#terms = this.#terms.filter((term) => term.entry.index <= entry.index);
    return before - this.#terms.length;
  }

  #called(verb: string, args: Readonly<Record<string, unknown>>, { server }: DatabaseState, entry: Entry) {
    const isOurs = verb === 'take_over' || args.p_reign === server.reign;
    const commitNo = verb === 'take_over' ? args.p_commit_no : args.p_previous;
    if (args.p_epoch !== server.epoch || !isOurs || commitNo !== server.commit_no)
      this.#report(`a ${verb} of term ${String(args.p_epoch)} was made on top of what it had not seen`);
    if (verb === 'take_over') this.#begun(String(args.p_reign), entry);
  }

  #begun(reign: string, entry: Entry): void {
    const { server } = entry.state;
    this.#terms.push({ reign, entry, sinceMs: this.#world.nowMs });
    if (numberIn(server, 'last_fencing_token') < this.#toldToken)
      this.#report(
        `a term goes on after token ${server.last_fencing_token}, but ${this.#toldToken} is known`,
      );
    if (numberIn(server, 'last_sequence') < this.#toldSequence)
      this.#report(
        `a term goes on after sequence ${server.last_sequence}, but ${this.#toldSequence} is known`,
      );
  }

  #expectOnward({ server: before }: DatabaseState, { server: after }: DatabaseState): void {
    for (const column of ['epoch', 'commit_no', 'last_fencing_token', 'last_sequence', 'last_instant'])
      if (numberIn(after, column) < numberIn(before, column))
        this.#report(`${column} went back from ${before[column]} to ${after[column]}`);
  }
}
