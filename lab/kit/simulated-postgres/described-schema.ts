import pg from 'pg';
import { DataSource } from 'typeorm';
import { PostgresServerEntity } from '../../../src/journal/postgres/entities/server.entity.js';
import { ownFunctions } from '../../../src/journal/postgres/functions/own-functions.js';
import { declareTypes } from '../../../src/journal/postgres/schema.js';
import { ENTITIES } from '../../../src/journal/sql/entities.js';
import { tableShapes, watermarkColumns } from '../../../src/journal/sql/table-shape.js';
import { CalledFunctions, type TableFacts } from './called-functions.js';

/** Describes the tables, and is never connected. */
class Description extends DataSource {
  static async make(): Promise<DataSource> {
    const entities = [PostgresServerEntity, ...Object.values(ENTITIES)];
    const description = new Description({ type: 'postgres', driver: pg, entities });
    await description.buildMetadatas();
    declareTypes(description);
    return description;
  }
}

/** What a simulated database knows of the schema: it is that of the real one. */
export interface DescribedSchema {
  readonly dataSource: DataSource;
  readonly functions: CalledFunctions;
  /** The verb and the parameters of each function, by its name. */
  readonly signatures: ReadonlyMap<string, Signature>;
}

export interface Signature {
  readonly verb: string;
  readonly parameters: readonly string[];
}

let described: Promise<DescribedSchema> | null = null;

/** Always the same: nothing changes it. */
export function describedSchema(): Promise<DescribedSchema> {
  described ??= describe();
  return described;
}

async function describe(): Promise<DescribedSchema> {
  const dataSource = await Description.make();
  const watermarks = watermarkColumns(dataSource.getMetadata(PostgresServerEntity));
  return {
    dataSource,
    functions: new CalledFunctions(
      factsOf(dataSource),
      watermarks.map(({ sql }) => sql),
    ),
    signatures: new Map(ownFunctions(dataSource).map((own) => [own.name, own])),
  };
}

function factsOf(dataSource: DataSource): ReadonlyMap<string, TableFacts> {
  return new Map(
    tableShapes(dataSource).map(({ name, key, columns }) => {
      const metadata = dataSource.getMetadata(ENTITIES[name]);
      const optional = metadata.columns.filter(({ isNullable }) => isNullable);
      const nullable = new Set(optional.map(({ databaseName }) => databaseName));
      const names = columns.map(({ sql }) => sql);
      const required = names.filter((column) => !nullable.has(column));
      return [name, { key: key.sql, columns: names, required }];
    }),
  );
}
