import type { MigrationInterface } from 'typeorm';
import type { Queries } from './queries.js';

/** Adds what owners of tokens say and see about them. */
export class TokenFacts1764806400008 implements MigrationInterface {
  async up(queryRunner: Queries): Promise<void> {
    await queryRunner.query('alter table "tokens" add column "token_id" text');
    await queryRunner.query('alter table "tokens" add column "label" text');
    await queryRunner.query('alter table "tokens" add column "expires_at" integer');
    await queryRunner.query('alter table "tokens" add column "last_used_at" integer');
  }

  async down(): Promise<void> {
    throw new Error('This schema change cannot be undone. Restore a backup instead.');
  }
}
