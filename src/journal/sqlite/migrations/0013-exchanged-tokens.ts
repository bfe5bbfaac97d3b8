import type { MigrationInterface } from 'typeorm';
import type { Queries } from './queries.js';

/** Adds which tokens were exchanged for tokens of an issuer. */
export class ExchangedTokens1764892800013 implements MigrationInterface {
  async up(queryRunner: Queries): Promise<void> {
    await queryRunner.query('alter table "tokens" add column "exchanged" integer');
  }

  async down(): Promise<void> {
    throw new Error('This schema change cannot be undone. Restore a backup instead.');
  }
}
