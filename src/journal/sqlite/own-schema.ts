import { UnusableFileError } from '../../installation/unusable-file-error.js';
import { RawDatabase } from './raw-database.js';
import { MIGRATIONS, MIGRATIONS_TABLE } from './schema-version.js';

/** The statement with which TypeORM creates the table of migrations. A test compares the two. */
const MIGRATIONS_TABLE_SQL =
  `CREATE TABLE "${MIGRATIONS_TABLE}" ` +
  '("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "timestamp" bigint NOT NULL, "name" varchar NOT NULL)';

/** The tables that `analyze` creates for SQLite's planner. Operators may run it. */
const STATISTICS = new Set([
  'create table sqlite_stat1(tbl,idx,stat)',
  'create table sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)',
]);

interface SchemaObject {
  readonly type: string;
  readonly name: string;
  /** Null for objects that SQLite itself creates for a table. */
  readonly sql: string | null;
}

/**
 * The migrations that have been applied to a database: none if it is new, null if OctoStore did not create it. Reads only the
 * schema until it knows that the table of migrations is a plain table.
 */
export async function migrationsOf(database: RawDatabase): Promise<string[] | null> {
  const schema = await readSchema(database);
  if (schema.length === 0) return [];
  const table = definitionOf({ type: 'table', name: MIGRATIONS_TABLE, sql: MIGRATIONS_TABLE_SQL });
  if (!schema.some((object) => definitionOf(object) === table)) return null;
  const rows = await database.query<{ name: string }>(`select name from ${MIGRATIONS_TABLE}`);
  return rows.map(({ name }) => name);
}

/**
 * Refuses a database whose schema has triggers, views or anything else that the migrations did not create. Those would run as
 * part of the server's own statements. Reads no table. Throws `UnusableFileError`.
 *
 * @param migrations the applied migrations, all of them known.
 * @param path the name for the file in error messages.
 */
export async function refuseForeignSchema(
  database: RawDatabase,
  migrations: readonly string[],
  path: string,
): Promise<void> {
  const actual = await readSchema(database);
  if (actual.length === 0) return;
  const expected = await schemaMadeBy(migrations);
  const foreign = without(actual, expected).find((object) => !isStatistics(object));
  if (foreign !== undefined) throw new UnusableFileError(foreignMessage(path, foreign));
  const missing = without(expected, actual).find(({ type }) => type === 'table');
  if (missing !== undefined)
    throw new UnusableFileError(
      `${path} is damaged: it has no table "${missing.name}". Use an undamaged backup.`,
    );
}

function foreignMessage(path: string, { type, name }: SchemaObject): string {
  return (
    `${path} has a ${type} "${name}" that OctoStore did not make, so someone has changed this file. Use another backup. ` +
    'If you know where it comes from, you can instead remove it from the schema and try again.'
  );
}

async function readSchema(database: RawDatabase): Promise<SchemaObject[]> {
  return database.query<SchemaObject>('select type, name, sql from sqlite_master');
}

/** Runs the migrations on an in-memory database. */
async function schemaMadeBy(names: readonly string[]): Promise<SchemaObject[]> {
  const database = await RawDatabase.open(':memory:', 'create', 0);
  try {
    await database.execute(MIGRATIONS_TABLE_SQL);
    for (const Migration of MIGRATIONS) {
      if (names.includes(Migration.name)) await new Migration().up(database);
    }
    return await readSchema(database);
  } finally {
    await database.close();
  }
}

function without(objects: readonly SchemaObject[], others: readonly SchemaObject[]): SchemaObject[] {
  const known = new Set(others.map(definitionOf));
  return objects.filter((object) => !known.has(definitionOf(object)));
}

function isStatistics({ type, sql }: SchemaObject): boolean {
  return type === 'table' && STATISTICS.has(normalized(sql));
}

function definitionOf({ type, name, sql }: SchemaObject): string {
  return JSON.stringify([type, name, normalized(sql)]);
}

/** SQLite versions differ in the quotes and spaces they write after an `alter table`. */
function normalized(sql: string | null): string {
  const spaced = (sql ?? '').replaceAll('"', '').replaceAll(/\s+/g, ' ');
  return spaced.replaceAll(/ ?([(),]) ?/g, '$1').toLowerCase();
}
