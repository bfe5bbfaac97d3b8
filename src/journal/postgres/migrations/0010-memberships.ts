import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds the groups that accounts are known to belong to. */
export class Memberships1764892800010 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `create table "memberships" (
    "user_id" text collate "C" primary key,
    "groups" text collate "C" not null,
    "basis" text collate "C" not null,
    "state" text collate "C" not null,
    "credential" text collate "C",
    "checked_at" bigint not null,
    "after_sequence" bigint not null
  )`,
    );
  }

  async down(): Promise<void> {
    throw new Error('This migration cannot be undone. Restore a backup instead.');
  }
}
