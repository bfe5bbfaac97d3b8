import type { Clock } from '../../clock/clock.js';
import type { PostgresLocation } from '../../installation/postgres-location.js';
import type { Batch } from '../batch.js';
import type { Company, Replica } from '../cluster.js';
import { DatabaseUnavailableError, endOfTerm, TermEndedError, UnusableDatabaseError } from '../errors.js';
import type { EventPage, EventQuery } from '../event-query.js';
import { Journal, type LeadOptions } from '../journal.js';
import type { Order, Range } from '../range.js';
import type { ServerRow } from '../rows/server-row.js';
import type { Leader } from '../shared-database.js';
import { selectEvents, toEventPage, type FoundRow } from '../sql/event-search.js';
import { fromFlatRows, type FlatRow } from '../sql/flat-rows.js';
import { selectPage, selectRow, type Query } from '../sql/page-query.js';
import { RESTART, type Succession } from '../succession.js';
import type { Key, TableName, Tables } from '../tables.js';
import type { Tenure } from '../tenure.js';
import { clusterOn } from './cluster/read-cluster.js';
import { SELECT_SECRET_CHECK, STORE_SECRET_CHECK, type StoredCheck } from './cluster/common-facts.js';
import type { Link } from './connection/link.js';
import type { Persistence } from './connection/persistence.js';
import { settledWithin } from './connection/settled-within.js';
import { openParts, type JournalParts } from './open-parts.js';
import { toStatement } from './select.js';
import { selectServer } from './select-server.js';
import { ADVERTISE, RESIGN_MS } from './term/resignation.js';
import { hasAllOf, SELECT_LEADERSHIP, type Leadership, type Position } from './term/position.js';
import type { Won } from './term/candidate.js';
import { continueLine, SELECT_ELAPSED } from './term/continue-line.js';
import { Term } from './term/term.js';
import { TIMING, type Timing } from './term/timing.js';

/** Before the first term, and after a term has ended. */
const NOT_SURE: Tenure = { sureUntilMs: -Infinity, commitEveryMs: null };

/** The journal in a PostgreSQL database. */
export class PostgresJournal extends Journal {
  readonly file = null;
  readonly #parts: JournalParts;
  readonly #timing: Timing;
  #term: Term | null = null;
  /** Of the current term. Null until it is known. */
  #succession: Succession | null = null;
  #closing: Promise<void> | null = null;

  private constructor(parts: JournalParts, timing: Timing) {
    super();
    this.#parts = parts;
    this.#timing = timing;
  }

  /**
   * Connects to the server that takes writes, and upgrades the schema. See `openJournal`. Throws `DatabaseUnavailableError`,
   * `UnusableDatabaseError` and `NewerSchemaError`.
   */
  static async connect(
    location: PostgresLocation,
    clock: Clock,
    timing: Timing = TIMING,
  ): Promise<PostgresJournal> {
    return PostgresJournal.of(await openParts(location, clock, timing), timing);
  }

  static of(parts: JournalParts, timing: Timing = TIMING): PostgresJournal {
    return new PostgresJournal(parts, timing);
  }

  /** Identifies the term. Throws if none has begun. */
  get reign(): string {
    const reign = this.#term?.position.reign ?? null;
    if (reign === null) throw new Error(NO_TERM);
    return reign;
  }

  get tenure(): Tenure {
    return this.#term?.tenure ?? NOT_SURE;
  }

  /** Why the database does not take commits or answer reads at present, for operators. Null if it does. */
  get trouble(): Error | null {
    return this.#parts.writes.trouble ?? this.#parts.reads.trouble;
  }

  get leader(): Leader | null {
    return this.#parts.view.leader;
  }

  get hasSeenCommit(): boolean {
    return this.#parts.sightings.hasMoved;
  }

  onLeader(listener: (leader: Leader | null) => void): () => void {
    return this.#parts.view.onChange(listener);
  }

  async lead({ signal }: LeadOptions = {}): Promise<ServerRow> {
    const { candidate, observer, persistence } = this.#open;
    observer.stop();
    const before = this.#term;
    const won = await candidate.win(before?.position.reign ?? null, signal);
    try {
      return await this.#begin(won, before, persistence.unless(signal));
    } catch (error) {
      if (signal?.aborted === true) await this.resign();
      throw error;
    }
  }

  override get company(): Company {
    const { membership, persistence, reads } = this.#open;
    return { own: membership.replica, read: () => persistence.until(() => clusterOn(reads)) };
  }

  override get succession(): Succession {
    return this.#succession ?? RESTART;
  }

  join(replica: Replica): void {
    this.#open.membership.join(replica);
  }

  follow(): void {
    this.#open.observer.start();
  }

  /**
   * Begins a term on a database that was restored, and skips the numbers that may have been issued since the backup. Throws
   * `DatabaseLedError` if another process leads.
   */
  async leadRestored(): Promise<ServerRow> {
    const { candidate, persistence } = this.#open;
    return this.#begin(await candidate.winRestored(), null, persistence);
  }

  /** When the last commit was made, in milliseconds since 1970, by the clock of the database. */
  async writtenAtMs(): Promise<number> {
    const [row] = await this.#select<{ writtenAtMs: number | null }>({
      sql: SELECT_WRITTEN_AT,
      parameters: [],
    });
    return row?.writtenAtMs ?? 0;
  }

  async commit(batch: Batch): Promise<void> {
    this.#checkOpen();
    if (this.#term === null) throw new Error(NO_TERM);
    try {
      await this.#term.commit(batch);
    } catch (error) {
      // The connection for reads may have fallen silent with the one for commits. Nothing that this process still reads may wait for that.
      if (endOfTerm(error) !== null) this.#parts.reads.cut();
      throw error;
    }
  }

  /**
   * Tells the other processes how to reach this one, as long as it leads.
   *
   * @param url null to give up. Then commit nothing more.
   */
  async advertise(url: string | null): Promise<void> {
    const { persistence, reads, view } = this.#open;
    const reign = this.#term?.position.reign ?? null;
    const { count } = await persistence.until(() => reads.query({ text: ADVERTISE, values: [url, reign] }));
    if (count > 0) view.note({ leaderUrl: url, reign });
  }

  async secretCheck(): Promise<string | null> {
    const [row] = await this.#select<StoredCheck>({ sql: SELECT_SECRET_CHECK, parameters: [] });
    return row?.check ?? null;
  }

  async storeSecretCheck(check: string): Promise<void> {
    const { persistence, reads } = this.#open;
    const statement = { text: STORE_SECRET_CHECK, values: [check, this.reign] };
    const { count } = await persistence.until(() => reads.query(statement));
    if (count === 0) throw new TermEndedError();
  }

  async page<T extends TableName>(table: T, order: Order<T>, range: Range): Promise<Tables[T][]> {
    const query = selectPage(this.#open.dataSource, table, order, range);
    return fromFlatRows(table, await this.#select<FlatRow<T>>(query));
  }

  async row<T extends TableName>(table: T, key: Key): Promise<Tables[T] | null> {
    const rows = await this.#select<FlatRow<T>>(selectRow(this.#open.dataSource, table, key));
    return fromFlatRows(table, rows)[0] ?? null;
  }

  async findEvents(query: EventQuery): Promise<EventPage> {
    const rows = await this.#select<FoundRow>(selectEvents(this.#open.dataSource, query));
    return toEventPage(rows, query);
  }

  async resign(): Promise<void> {
    const term = this.#term;
    if (term === null || term.isOver) return;
    term.end();
    await this.#parts.resignation.resign(term.position.reign);
    this.#parts.view.noteEnd(term.position.reign);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #close(): Promise<void> {
    const { abort, clock, writes, reads, observer } = this.#parts;
    observer.stop();
    abort(new Error(NOT_OPEN));
    return settledWithin(clock, RESIGN_MS, this.#leave(), () => {
      writes.cut();
      reads.cut();
    });
  }

  async #leave(): Promise<void> {
    const { membership, writes, reads } = this.#parts;
    await Promise.all([this.resign(), membership.leave()]);
    await Promise.all([writes.close(), reads.close()]);
  }

  async #begin(won: Won, before: Term | null, persistence: Persistence): Promise<ServerRow> {
    const { settler, callFor, clock, samples } = this.#parts;
    const { over } = won;
    const isOwn = before !== null && before.position.reign === over.reign;
    const observedOffsetMs = samples.offsetOf(over.reign, clock.monotonicMs());
    const succession = this.#succession;
    this.#succession = null;
    this.#term = new Term(settler, callFor, this.#timing, won);
    this.#succession = await continueLine({
      over,
      own: isOwn ? (before.continued ?? succession) : null,
      observedOffsetMs,
      offsetByDatabase: () => this.#offsetByDatabase(over, persistence),
    });
    return this.#readServer(persistence);
  }

  /** The answer is a little older than its arrival, so the timeline does not run ahead. */
  async #offsetByDatabase({ lastInstant }: Leadership, persistence: Persistence): Promise<number> {
    const query = { sql: SELECT_ELAPSED, parameters: [] };
    const [row] = await this.#select<{ elapsedMs: number }>(query, persistence);
    return Math.floor(lastInstant + (row?.elapsedMs ?? 0) - this.#parts.clock.monotonicMs());
  }

  async #readServer(persistence: Persistence): Promise<ServerRow> {
    const query = selectServer(this.#open.dataSource);
    const [row] = await this.#select<ServerRow>(query, persistence);
    if (row === undefined) throw new UnusableDatabaseError('The row of the table "server" is missing.');
    return row;
  }

  /** What is read may be of the commit that is under way. It is returned once that is durable. */
  async #select<Row>(query: Query, persistence = this.#open.persistence): Promise<Row[]> {
    const rows = await persistence.until(() => this.#selectOnce<Row>(query));
    await this.#term?.settled();
    return [...rows];
  }

  /**
   * Rejects, so that the read is repeated elsewhere, if the server that answers was replaced and lacks commits of the term. Rejects
   * with `TermEndedError` if someone else has begun a newer term, or if the term is lost.
   */
  async #selectOnce<Row>(query: Query): Promise<readonly Row[]> {
    const { reads } = this.#parts;
    const needed = this.#term?.needed ?? null;
    const { rows } = await reads.query<Row>(toStatement(query));
    if (needed === null) return rows;
    const position = await positionOn(reads, needed);
    if (position?.reign === needed.reign) return rows;
    // What was read may be of both terms, and a state that is loaded from it would be neither.
    if (position !== null) throw new TermEndedError();
    reads.cut();
    await this.#expectNotLost(needed);
    throw new DatabaseUnavailableError('The server that answered lacks commits.');
  }

  /**
   * Rejects with `TermEndedError` if the server that takes the commits of this term lacks some of them: it would refuse the next one. A
   * term that still loads its state sends none, and would only learn it here.
   */
  async #expectNotLost(needed: Position): Promise<void> {
    if ((await positionOn(this.#parts.writes, needed)) === null) throw new TermEndedError({}, TERM_LOST);
  }

  get #open(): JournalParts {
    this.#checkOpen();
    return this.#parts;
  }

  #checkOpen(): void {
    if (this.#closing !== null) throw new Error(NOT_OPEN);
  }
}

/** Where the chain ends on a server. Null if that lacks commits up to `needed`. */
async function positionOn(link: Link, needed: Position): Promise<Position | null> {
  const { rows } = await link.query<Leadership>({ text: SELECT_LEADERSHIP });
  return rows.find((row) => hasAllOf(row, needed)) ?? null;
}

const TERM_LOST = 'The database has lost commits of this term, so a new term must begin.';

const NO_TERM = 'no term has begun';

const SELECT_WRITTEN_AT = `
  select (extract(epoch from db_clock) * 1000)::bigint as "writtenAtMs" from server where id = 1`;

const NOT_OPEN = 'the journal is not open';
