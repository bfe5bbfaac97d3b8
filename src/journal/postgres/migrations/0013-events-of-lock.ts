import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds the events of one lock, by lease. */
export class EventsOfLock1764892800013 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'create index "events_of_lock" on "events" ("lock_name", "fencing_token", "sequence")',
    );
  }

  async down(): Promise<void> {
    throw new Error('This migration cannot be undone. Restore a backup instead.');
  }
}
