import type { MigrationInterface } from 'typeorm';
import type { Queries } from './queries.js';

/** Adds the groups that accounts are known to belong to. */
export class Memberships1764892800012 implements MigrationInterface {
  async up(queryRunner: Queries): Promise<void> {
    await queryRunner.query(
      `create table "memberships" (
    "user_id" text primary key not null,
    "groups" text not null,
    "basis" text not null,
    "state" text not null,
    "credential" text,
    "checked_at" integer not null,
    "after_sequence" integer not null
  )`,
    );
  }

  async down(): Promise<void> {
    throw new Error('This schema change cannot be undone. Restore a backup instead.');
  }
}
