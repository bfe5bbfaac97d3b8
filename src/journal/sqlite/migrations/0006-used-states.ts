import type { MigrationInterface } from 'typeorm';
import type { Queries } from './queries.js';

/** Adds what is kept of sign-ins, so that none is finished twice. */
export class UsedStates1764720000006 implements MigrationInterface {
  async up(queryRunner: Queries): Promise<void> {
    await queryRunner.query(
      `create table "used_states" (
    "state_hash" text primary key not null,
    "expires_at" integer not null
  )`,
    );
  }

  async down(): Promise<void> {
    throw new Error('This schema change cannot be undone. Restore a backup instead.');
  }
}
