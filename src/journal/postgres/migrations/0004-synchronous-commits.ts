import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds whether the last commit waited for a standby. */
export class SynchronousCommits1764720000004 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table "server" add column "synchronous" boolean not null default false');
  }

  async down(): Promise<void> {
    throw new Error('This migration cannot be undone. Restore a backup instead.');
  }
}
