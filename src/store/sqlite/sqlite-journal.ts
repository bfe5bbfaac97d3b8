import type sqlite3 from 'sqlite3';
import { LessThan, MoreThan, type DataSource } from 'typeorm';
import { DatabaseLocation } from '../../installation/database-location.js';
import { makeDatabaseForOwner } from '../../installation/ownership.js';
import { DeliveryEntity } from '../entities/delivery.entity.js';
import { EventEntity } from '../entities/event.entity.js';
import { ServerEntity } from '../entities/server.entity.js';
import type { EventPage, EventQuery } from '../event-query.js';
import { Journal, type Batch, type DeliveryQuery } from '../journal.js';
import { TABLES, type Key, type TableName, type Tables } from '../tables.js';
import { buildBatchStatement, type BatchStatement } from './batch-statement.js';
import { makeDurable, nativeConnection } from './connection.js';
import { selectEvents, toEventPage, type FoundRow } from './event-search.js';
import { ProcessLock } from './process-lock.js';
import { createDataSource, migrate } from './schema.js';
import { secureLog } from './write-ahead-log.js';

/** Rows that are read at a time: enough that asking costs little, few enough that they are garbage while they are young. */
const PAGE_ROWS = 5_000;

interface Opened {
  readonly dataSource: DataSource;
  readonly processLock: ProcessLock;
  readonly batch: BatchStatement;
  readonly insert: sqlite3.Statement;
}

/** The journal in one SQLite file. */
export class SqliteJournal extends Journal {
  readonly #place: DatabaseLocation | string;
  #opened: Opened | null = null;

  /** @param place a path is followed, through symbolic links, when the journal is opened. */
  constructor(place: DatabaseLocation | string) {
    super();
    this.#place = place;
  }

  async open(): Promise<ServerEntity> {
    const location = await locate(this.#place);
    const processLock = await ProcessLock.acquire(location);
    const dataSource = createDataSource(location.path);
    try {
      await secureLog(location);
      makeDatabaseForOwner(location);
      await dataSource.initialize();
      await makeDurable(dataSource);
      await migrate(dataSource, location.path);
      const batch = buildBatchStatement(dataSource);
      await execute(nativeConnection(dataSource), batch.setUp);
      const insert = await prepare(nativeConnection(dataSource), batch.insert);
      await dataSource.query('update server set epoch = epoch + 1');
      this.#opened = { dataSource, processLock, batch, insert };
      return await dataSource.getRepository(ServerEntity).findOneByOrFail({ id: 1 });
    } catch (error) {
      if (dataSource.isInitialized) await dataSource.destroy().catch(() => undefined);
      await processLock.release();
      throw error;
    }
  }

  /** Reads plain rows: making entities of a million leases would take most of a start. */
  async *pages<T extends TableName>(table: T): AsyncGenerator<Tables[T][]> {
    const { dataSource } = this.#database;
    const { columns, primaryColumns } = dataSource.getMetadata(TABLES[table].entity);
    const named = columns.map(({ databaseName, propertyName }) => `"${databaseName}" as "${propertyName}"`);
    const key = `"${primaryColumns[0]?.databaseName ?? ''}"`;
    const keyOf = TABLES[table].keyOf as (row: Tables[T]) => Key;
    const select = (where: string): string =>
      `select ${named.join(', ')} from "${table}" ${where} order by ${key} limit ${PAGE_ROWS}`;
    let rows = await dataSource.query<Tables[T][]>(select(''));
    for (let last = rows.at(-1); last !== undefined; last = rows.at(-1)) {
      yield rows;
      if (rows.length < PAGE_ROWS) return;
      rows = await dataSource.query<Tables[T][]>(select(`where ${key} > ?`), [keyOf(last)]);
    }
  }

  commit(batch: Batch): Promise<void> {
    const { insert, batch: statement } = this.#database;
    const parameters = statement.parametersOf(batch);
    return new Promise((resolve, reject) => {
      insert.run(parameters, (error: Error | null) => (error ? reject(error) : resolve()));
    });
  }

  eventsAfter(sequence: number, limit: number): Promise<EventEntity[]> {
    return this.#database.dataSource.getRepository(EventEntity).find({
      where: { sequence: MoreThan(sequence) },
      order: { sequence: 'ASC' },
      take: limit,
    });
  }

  async findEvents(query: EventQuery): Promise<EventPage> {
    const { dataSource } = this.#database;
    const { sql, parameters } = selectEvents(dataSource, query);
    return toEventPage(await dataSource.query<FoundRow[]>(sql, parameters), query);
  }

  deliveries({ webhookId, limit, before }: DeliveryQuery): Promise<DeliveryEntity[]> {
    return this.#database.dataSource.getRepository(DeliveryEntity).find({
      where: { webhookId, ...(before === null ? {} : { sequence: LessThan(before) }) },
      order: { sequence: 'DESC' },
      take: limit,
    });
  }

  delivery(deliveryId: string): Promise<DeliveryEntity | null> {
    return this.#database.dataSource.getRepository(DeliveryEntity).findOneBy({ deliveryId });
  }

  async close(): Promise<void> {
    if (this.#opened === null) return;
    const { dataSource, processLock, insert } = this.#opened;
    this.#opened = null;
    await new Promise<void>((resolve) => insert.finalize(() => resolve()));
    await dataSource.destroy();
    await processLock.release();
  }

  get #database(): Opened {
    if (this.#opened === null) throw new Error('the journal is not open');
    return this.#opened;
  }
}

async function locate(place: DatabaseLocation | string): Promise<DatabaseLocation> {
  return typeof place === 'string' ? DatabaseLocation.find(place) : place;
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
