import type { MigrationInterface } from 'typeorm';
import type { Queries } from './queries.js';

/** Adds what owners see about their browser sessions. */
export class BrowserSessions1764892800014 implements MigrationInterface {
  async up(queryRunner: Queries): Promise<void> {
    await queryRunner.query('alter table "tokens" add column "kind" text');
    await queryRunner.query('alter table "tokens" add column "user_agent" text');
    await queryRunner.query('alter table "tokens" add column "address" text');
    await queryRunner.query('alter table "tokens" add column "opened_with" text');
  }

  async down(): Promise<void> {
    throw new Error('This schema change cannot be undone. Restore a backup instead.');
  }
}
