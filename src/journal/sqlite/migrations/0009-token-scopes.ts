import type { MigrationInterface } from 'typeorm';
import type { Queries } from './queries.js';

/** Adds what tokens may do at most, and which such tokens made sessions and webhooks. */
export class TokenScopes1764806400009 implements MigrationInterface {
  async up(queryRunner: Queries): Promise<void> {
    await queryRunner.query('alter table "tokens" add column "scopes" text');
    await queryRunner.query('alter table "sessions" add column "made_with" text');
    await queryRunner.query('alter table "webhooks" add column "made_with" text');
  }

  async down(): Promise<void> {
    throw new Error('This schema change cannot be undone. Restore a backup instead.');
  }
}
