import { existsSync } from 'node:fs';
import { UnusableFileError } from '../installation/unusable-file-error.js';
import { withDatabaseFile } from './sqlite/database-file.js';

/** Reads from the SQLite file of another program, all at one moment. */
export interface ForeignFile {
  /** The names of its tables. */
  readonly tables: ReadonlySet<string>;
  /** The rows of a table, as they are. */
  rows(table: string): Promise<readonly unknown[]>;
}

/** Opens the SQLite file of another program, changes nothing in it, and closes it again. Throws `UnusableFileError`. */
export async function withForeignFile<T>(path: string, use: (file: ForeignFile) => Promise<T>): Promise<T> {
  if (!existsSync(path)) throw new UnusableFileError(`There is no file at ${path}. Check the path.`);
  return withDatabaseFile(
    path,
    async (database) => {
      const query = async <Row>(sql: string): Promise<Row[]> =>
        database.query<Row>(sql).catch((cause: unknown) => {
          throw new UnusableFileError(`${path} cannot be read as a SQLite database. Check that it is one.`, {
            cause,
          });
        });
      await database.execute('begin');
      const names = await query<{ name: string }>("select name from sqlite_schema where type = 'table'");
      const tables = new Set(names.map(({ name }) => name));
      return use({ tables, rows: (table) => query(`select * from "${table.replaceAll('"', '""')}"`) });
    },
    'read-only',
  );
}
