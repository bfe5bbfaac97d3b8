import { MigrationExecutor, QueryFailedError, type DataSource, type QueryRunner } from 'typeorm';
import type { PostgresLocation } from '../../installation/postgres-location.js';
import { codeOf } from '../../errors/system-error-code.js';
import { UnusableDatabaseError } from '../errors.js';
import { ownFunctions } from './functions/own-functions.js';
import type { OwnFunction } from './functions/own-function.js';
import { MIGRATIONS, MIGRATIONS_TABLE, refuseNewerSchema } from './schema-version.js';

/** Any number that no other program is likely to use. */
const LOCK = 7_308_325_116_543;

const INSUFFICIENT_PRIVILEGE = '42501';

/**
 * Upgrades the schema in one transaction, unless it is current. Of several processes that start together, one upgrades and the
 * others wait for it. Throws `NewerSchemaError` and `UnusableDatabaseError`.
 */
export async function upgradeSchema(dataSource: DataSource, location: PostgresLocation): Promise<void> {
  const runner = dataSource.createQueryRunner();
  try {
    if (await isCurrent(dataSource, runner, location)) return;
    await upgrade(dataSource, runner, location);
  } catch (error) {
    throw explain(error, location);
  } finally {
    await runner.release();
  }
}

async function isCurrent(
  dataSource: DataSource,
  runner: QueryRunner,
  { name }: PostgresLocation,
): Promise<boolean> {
  const applied = await appliedMigrations(runner);
  refuseNewerSchema(applied, name);
  return (
    MIGRATIONS.every((migration) => applied.includes(migration.name)) &&
    (await missingFunctions(dataSource, runner)).length === 0
  );
}

async function upgrade(
  dataSource: DataSource,
  runner: QueryRunner,
  location: PostgresLocation,
): Promise<void> {
  await runner.startTransaction();
  try {
    // It ends with the transaction, so that it works even if each transaction may have another connection.
    await runner.query(`select pg_advisory_xact_lock(${LOCK})`);
    refuseNewerSchema(await appliedMigrations(runner), location.name);
    await runMigrations(dataSource, runner);
    await createFunctions(dataSource, runner);
    await runner.commitTransaction();
  } catch (error) {
    await runner.rollbackTransaction().catch(() => undefined);
    throw error;
  }
}

async function runMigrations(dataSource: DataSource, runner: QueryRunner): Promise<void> {
  const executor = new MigrationExecutor(dataSource, runner);
  executor.transaction = 'none'; // They run in ours.
  await executor.executePendingMigrations();
}

async function createFunctions(dataSource: DataSource, runner: QueryRunner): Promise<void> {
  const [row] = await select<{ schema: string }>(runner, 'select quote_ident(current_schema()) as schema');
  for (const missing of await missingFunctions(dataSource, runner)) {
    await runner.query(missing.create(row?.schema ?? 'public'));
  }
}

async function missingFunctions(dataSource: DataSource, runner: QueryRunner): Promise<OwnFunction[]> {
  const missing: OwnFunction[] = [];
  for (const own of ownFunctions(dataSource)) {
    const [row] = await select<{ exists: boolean }>(
      runner,
      `select to_regproc('${own.name}') is not null as exists`,
    );
    if (row?.exists !== true) missing.push(own);
  }
  return missing;
}

async function appliedMigrations(runner: QueryRunner): Promise<string[]> {
  const [table] = await select<{ exists: boolean }>(
    runner,
    `select to_regclass('${MIGRATIONS_TABLE}') is not null as exists`,
  );
  if (table?.exists !== true) return [];
  const rows = await select<{ name: string }>(runner, `select name from ${MIGRATIONS_TABLE}`);
  return rows.map(({ name }) => name);
}

function select<Row>(runner: QueryRunner, sql: string): Promise<Row[]> {
  return runner.query(sql) as Promise<Row[]>;
}

function explain(error: unknown, { name, url }: PostgresLocation): unknown {
  const cause = error instanceof QueryFailedError ? error.driverError : error;
  if (codeOf(cause) !== INSUFFICIENT_PRIVILEGE) return error;
  return new UnusableDatabaseError(
    `The schema of ${name} must be upgraded, and the role "${url.user}" may not do that (${String(cause)}). ` +
      'Start this version once as the role that owns the tables. See "Roles and privileges" in docs/postgres.md.',
    { cause },
  );
}
