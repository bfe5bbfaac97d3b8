import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds the records of the audit. */
export class Audit1764892800008 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `create table "audit_records" (
    "number" bigint primary key,
    "record" text collate "C" not null,
    "hash" text collate "C" not null
  )`,
    );
  }

  async down(): Promise<void> {
    throw new Error('This migration cannot be undone. Restore a backup instead.');
  }
}
