import type { MigrationInterface } from 'typeorm';
import type { Queries } from './queries.js';

/** Adds the versions of the access policy. */
export class Policies1764720000007 implements MigrationInterface {
  async up(queryRunner: Queries): Promise<void> {
    await queryRunner.query(
      `create table "policies" (
    "version" integer primary key not null,
    "text" text,
    "applied_by" text,
    "applied_at" integer not null,
    "after_sequence" integer not null
  )`,
    );
  }

  async down(): Promise<void> {
    throw new Error('This schema change cannot be undone. Restore a backup instead.');
  }
}
