import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds which tokens were exchanged for tokens of an issuer. */
export class ExchangedTokens1764892800011 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table "tokens" add column "exchanged" bigint');
  }

  async down(): Promise<void> {
    throw new Error('This migration cannot be undone. Restore a backup instead.');
  }
}
