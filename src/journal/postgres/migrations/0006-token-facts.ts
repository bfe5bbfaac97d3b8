import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds what owners of tokens say and see about them. */
export class TokenFacts1764806400006 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `alter table "tokens"
    add column "token_id" text collate "C",
    add column "label" text collate "C",
    add column "expires_at" bigint,
    add column "last_used_at" bigint`,
    );
  }

  async down(): Promise<void> {
    throw new Error('This migration cannot be undone. Restore a backup instead.');
  }
}
