import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds what tokens may do at most, and which such tokens made sessions and webhooks. */
export class TokenScopes1764806400007 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table "tokens" add column "scopes" text collate "C"');
    await queryRunner.query('alter table "sessions" add column "made_with" text collate "C"');
    await queryRunner.query('alter table "webhooks" add column "made_with" text collate "C"');
  }

  async down(): Promise<void> {
    throw new Error('This migration cannot be undone. Restore a backup instead.');
  }
}
