import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds what owners see about their browser sessions. */
export class BrowserSessions1764892800012 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `alter table "tokens"
    add column "kind" text collate "C",
    add column "user_agent" text collate "C",
    add column "address" text collate "C",
    add column "opened_with" text collate "C"`,
    );
  }

  async down(): Promise<void> {
    throw new Error('This migration cannot be undone. Restore a backup instead.');
  }
}
