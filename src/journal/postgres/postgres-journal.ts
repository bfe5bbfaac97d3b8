import type { Clock } from '../../clock/clock.js';
import type { PostgresLocation } from '../../installation/postgres-location.js';
import type { Batch } from '../batch.js';
import { DatabaseUnavailableError, TermEndedError, UnusableDatabaseError } from '../errors.js';
import type { EventPage, EventQuery } from '../event-query.js';
import { Journal } from '../journal.js';
import type { Order, Range } from '../range.js';
import type { ServerRow } from '../rows/server-row.js';
import { selectEvents, toEventPage, type FoundRow } from '../sql/event-search.js';
import { fromFlatRows, type FlatRow } from '../sql/flat-rows.js';
import { selectPage, selectRow, type Query } from '../sql/page-query.js';
import type { Key, TableName, Tables } from '../tables.js';
import type { Tenure } from '../tenure.js';
import { openParts, type JournalParts } from './open-parts.js';
import { toStatement } from './select.js';
import { selectServer } from './select-server.js';
import { hasAllOf, SELECT_LEADERSHIP, type Leadership } from './term/position.js';
import type { Settled } from './term/settler.js';
import { Term } from './term/term.js';
import { TIMING, type Timing } from './term/timing.js';

/** How long giving up may take, in milliseconds. If the database cannot be reached, another process waits until it may take over. */
const RESIGN_MS = 5_000;

/** Before the first term, and after a term has ended. */
const NOT_SURE: Tenure = { sureUntilMs: -Infinity, commitEveryMs: null };

/** The journal in a PostgreSQL database. */
export class PostgresJournal extends Journal {
  readonly file = null;
  readonly #parts: JournalParts;
  readonly #timing: Timing;
  #term: Term | null = null;
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

  async lead(): Promise<ServerRow> {
    return this.#begin(await this.#open.candidate.win(this.#term?.position.reign ?? null));
  }

  /**
   * Begins a term on a database that was restored, and skips the numbers that may have been issued since the backup. Throws
   * `DatabaseLedError` if another process leads.
   */
  async leadRestored(): Promise<ServerRow> {
    return this.#begin(await this.#open.candidate.winRestored());
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
    await this.#term.commit(batch);
  }

  /**
   * Tells the other processes how to reach this one, as long as it leads.
   *
   * @param url null to give up. Then commit nothing more.
   */
  async advertise(url: string | null): Promise<void> {
    const { persistence, reads } = this.#open;
    const statement = { text: ADVERTISE, values: [url, this.#term?.position.reign ?? null] };
    await persistence.until(() => reads.query(statement));
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

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { abort, clock, writes, reads } = this.#parts;
    abort(new Error(NOT_OPEN));
    const cancel = clock.after(RESIGN_MS, () => {
      writes.cut();
      reads.cut();
    });
    await this.#resign();
    await Promise.all([writes.close(), reads.close()]);
    cancel();
  }

  /** If it fails, another process takes over when it has waited long enough. */
  async #resign(): Promise<void> {
    if (this.#term === null) return;
    const statement = { text: ADVERTISE, values: [null, this.#term.position.reign] };
    await this.#parts.writes.query(statement).catch(() => undefined);
  }

  #begin(begun: Settled): Promise<ServerRow> {
    const { settler, callFor } = this.#open;
    this.#term = new Term(settler, callFor, this.#timing, begun);
    return this.#readServer();
  }

  async #readServer(): Promise<ServerRow> {
    const [row] = await this.#select<ServerRow>(selectServer(this.#open.dataSource));
    if (row === undefined) throw new UnusableDatabaseError('The row of the table "server" is missing.');
    return row;
  }

  /** What is read may be of the commit that is under way. It is returned once that is durable. */
  async #select<Row>(query: Query): Promise<Row[]> {
    const { persistence } = this.#open;
    const rows = await persistence.until(() => this.#selectOnce<Row>(query));
    await this.#term?.settled();
    return [...rows];
  }

  /**
   * Rejects, so that the read is repeated elsewhere, if the server that answers was replaced and lacks commits of the term. Rejects
   * with `TermEndedError` if someone else has begun a newer term.
   */
  async #selectOnce<Row>(query: Query): Promise<readonly Row[]> {
    const { reads } = this.#parts;
    const needed = this.#term?.needed ?? null;
    const { rows } = await reads.query<Row>(toStatement(query));
    if (needed === null) return rows;
    const at = await reads.query<Leadership>({ text: SELECT_LEADERSHIP });
    const position = at.rows.find((row) => hasAllOf(row, needed));
    if (position?.reign === needed.reign) return rows;
    // What was read may be of both terms, and a state that is loaded from it would be neither.
    if (position !== undefined) throw new TermEndedError();
    reads.cut();
    throw new DatabaseUnavailableError('The server that answered lacks commits.');
  }

  get #open(): JournalParts {
    this.#checkOpen();
    return this.#parts;
  }

  #checkOpen(): void {
    if (this.#closing !== null) throw new Error(NOT_OPEN);
  }
}

const NO_TERM = 'no term has begun';

const SELECT_WRITTEN_AT = `
  select (extract(epoch from db_clock) * 1000)::bigint as "writtenAtMs" from server where id = 1`;

const NOT_OPEN = 'the journal is not open';

const ADVERTISE = 'update server set leader_url = $1 where id = 1 and reign = $2';
