/** All that a migration may use. Migrations also run in memory, without TypeORM, to get a schema to compare databases with. */
export interface Queries {
  query(sql: string): Promise<unknown>;
}
