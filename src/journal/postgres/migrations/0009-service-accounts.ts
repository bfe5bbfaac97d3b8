import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds who owns the service accounts. */
export class ServiceAccounts1764892800009 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `create table "service_accounts" (
    "user_id" text collate "C" primary key,
    "owners" text collate "C" not null
  )`,
    );
  }

  async down(): Promise<void> {
    throw new Error('This migration cannot be undone. Restore a backup instead.');
  }
}
