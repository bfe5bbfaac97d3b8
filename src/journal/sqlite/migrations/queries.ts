/** All that a migration may use. What a migration makes is also made in memory, without TypeORM, to compare databases with it. */
export interface Queries {
  query(sql: string): Promise<unknown>;
}
