import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds what is kept of sign-ins, so that none is finished twice. */
export class UsedStates1764720000003 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `create table "used_states" (
    "state_hash" text collate "C" primary key,
    "expires_at" bigint not null
  )`,
    );
  }

  async down(): Promise<void> {
    throw new Error('This migration cannot be undone. Restore a backup instead.');
  }
}
