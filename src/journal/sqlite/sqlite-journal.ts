import type sqlite3 from 'sqlite3';
import type { DataSource } from 'typeorm';
import { makeDatabaseForOwner } from '../../installation/ownership.js';
import type { SqliteLocation } from '../../installation/sqlite-location.js';
import type { Batch } from '../batch.js';
import type { EventPage, EventQuery } from '../event-query.js';
import { TermEndedError } from '../errors.js';
import { Journal } from '../journal.js';
import type { Order, Range } from '../range.js';
import type { ServerRow } from '../rows/server-row.js';
import type { Key, TableName, Tables } from '../tables.js';
import { LIFELONG } from '../tenure.js';
import { buildBatchStatement, TERM_ENDED, type BatchStatement } from './batch-statement.js';
import { makeDurable, nativeConnection } from './connection.js';
import { damaged, explainDamage } from './damage.js';
import { ServerEntity } from '../sql/entities/server.entity.js';
import { selectEvents, toEventPage, type FoundRow } from '../sql/event-search.js';
import { fromFlatRows, type FlatRow } from '../sql/flat-rows.js';
import { selectPage, selectRow, type Query } from '../sql/page-query.js';
import { ProcessLock } from './process-lock.js';
import { refuseWrongTypes } from './row-types.js';
import { createDataSource, migrate } from './schema.js';
import { SqliteFile } from './sqlite-file.js';
import { secureLog } from './write-ahead-log.js';

interface Opened {
  readonly dataSource: DataSource;
  readonly processLock: ProcessLock;
  readonly batch: BatchStatement;
  readonly insert: sqlite3.Statement;
}

/** The journal in a SQLite file. */
export class SqliteJournal extends Journal {
  readonly file: SqliteFile;
  /** The process lock keeps all others away. */
  readonly tenure = LIFELONG;
  #opened: Opened | null;

  private constructor(location: SqliteLocation, opened: Opened) {
    super();
    this.file = new SqliteFile(location);
    this.#opened = opened;
  }

  /** Reserves the database for this process and upgrades its schema. See `openJournal`. */
  static async connect(location: SqliteLocation): Promise<SqliteJournal> {
    const processLock = await ProcessLock.acquire(location);
    const dataSource = createDataSource(location.path);
    try {
      await secureLog(location);
      makeDatabaseForOwner(location);
      await dataSource.initialize();
      await makeDurable(dataSource);
      await explainDamage(location.path, async () => {
        await migrate(dataSource, location.path);
        await refuseWrongTypes(dataSource, location.path);
      });
      const batch = buildBatchStatement(dataSource);
      await execute(nativeConnection(dataSource), batch.setUp);
      const insert = await prepare(nativeConnection(dataSource), batch.insert);
      return new SqliteJournal(location, { dataSource, processLock, batch, insert });
    } catch (error) {
      if (dataSource.isInitialized) await dataSource.destroy().catch(() => undefined);
      await processLock.release();
      throw error;
    }
  }

  async lead(): Promise<ServerRow> {
    const { dataSource } = this.#database;
    await dataSource.query('update server set epoch = epoch + 1');
    const server = await dataSource.getRepository(ServerEntity).findOneBy({ id: 1 });
    if (server === null) throw damaged(this.file.path, 'the row of the table "server" is missing');
    return server;
  }

  commit(batch: Batch): Promise<void> {
    const { insert, batch: statement } = this.#database;
    const parameters = statement.parametersOf(batch);
    return new Promise((resolve, reject) => {
      insert.run(parameters, (error: Error | null) => (error ? reject(reasonOf(error)) : resolve()));
    });
  }

  async page<T extends TableName>(table: T, order: Order<T>, range: Range): Promise<Tables[T][]> {
    const { dataSource } = this.#database;
    const rows = await this.#select<FlatRow<T>>(selectPage(dataSource, table, order, range));
    return fromFlatRows(table, rows);
  }

  async row<T extends TableName>(table: T, key: Key): Promise<Tables[T] | null> {
    const { dataSource } = this.#database;
    const rows = await this.#select<FlatRow<T>>(selectRow(dataSource, table, key));
    return fromFlatRows(table, rows)[0] ?? null;
  }

  async findEvents(query: EventQuery): Promise<EventPage> {
    const { dataSource } = this.#database;
    return toEventPage(await this.#select<FoundRow>(selectEvents(dataSource, query)), query);
  }

  async close(): Promise<void> {
    if (this.#opened === null) return;
    const { dataSource, processLock, insert } = this.#opened;
    this.#opened = null;
    await new Promise<void>((resolve) => insert.finalize(() => resolve()));
    await dataSource.destroy();
    await processLock.release();
  }

  #select<Row>({ sql, parameters }: Query): Promise<Row[]> {
    return this.#database.dataSource.query<Row[]>(sql, [...parameters]);
  }

  get #database(): Opened {
    if (this.#opened === null) throw new Error('the journal is not open');
    return this.#opened;
  }
}

function reasonOf(error: Error): Error {
  return error.message.includes(TERM_ENDED) ? new TermEndedError({ cause: error }) : error;
}

function execute(connection: sqlite3.Database, sql: string): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.exec(sql, (error) => (error ? reject(error) : resolve()));
  });
}

function prepare(connection: sqlite3.Database, sql: string): Promise<sqlite3.Statement> {
  return new Promise((resolve, reject) => {
    const statement = connection.prepare(sql, (error) => (error ? reject(error) : resolve(statement)));
  });
}
