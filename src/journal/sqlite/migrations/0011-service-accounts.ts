import type { MigrationInterface } from 'typeorm';
import type { Queries } from './queries.js';

/** Adds who owns the service accounts. */
export class ServiceAccounts1764892800011 implements MigrationInterface {
  async up(queryRunner: Queries): Promise<void> {
    await queryRunner.query(
      `create table "service_accounts" (
    "user_id" text primary key not null,
    "owners" text not null
  )`,
    );
  }

  async down(): Promise<void> {
    throw new Error('This schema change cannot be undone. Restore a backup instead.');
  }
}
