import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds the versions of the access policy. */
export class Policies1764720000005 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `create table "policies" (
    "version" bigint primary key,
    "text" text collate "C",
    "applied_by" text collate "C",
    "applied_at" bigint not null,
    "after_sequence" bigint not null
  )`,
    );
  }

  async down(): Promise<void> {
    throw new Error('This migration cannot be undone. Restore a backup instead.');
  }
}
