import type { MigrationInterface } from 'typeorm';
import type { Queries } from './queries.js';

/**
 * Lets leases share locks and hold several, and lets events say so. Null means what every earlier row means: one lock, held
 * exclusively.
 */
export class LeaseTerms1764547200004 implements MigrationInterface {
  async up(queryRunner: Queries): Promise<void> {
    await queryRunner.query(`alter table "leases" add column "terms" text`);
    await queryRunner.query(`alter table "events" add column "details" text`);
  }

  async down(): Promise<void> {
    throw new Error('This schema change cannot be undone. Restore a backup instead.');
  }
}
