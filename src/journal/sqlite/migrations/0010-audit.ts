import type { MigrationInterface } from 'typeorm';
import type { Queries } from './queries.js';

/** Adds the records of the audit. */
export class Audit1764892800010 implements MigrationInterface {
  async up(queryRunner: Queries): Promise<void> {
    await queryRunner.query(
      `create table "audit_records" (
    "number" integer primary key not null,
    "record" text not null,
    "hash" text not null
  )`,
    );
  }

  async down(): Promise<void> {
    throw new Error('This schema change cannot be undone. Restore a backup instead.');
  }
}
