import type { MigrationInterface } from 'typeorm';
import type { Queries } from './queries.js';

/** Finds the events of one lock, by lease. */
export class EventsOfLock1764892800015 implements MigrationInterface {
  async up(queryRunner: Queries): Promise<void> {
    await queryRunner.query(
      'create index "events_of_lock" on "events" ("lock_name", "fencing_token", "sequence")',
    );
  }

  async down(): Promise<void> {
    throw new Error('This schema change cannot be undone. Restore a backup instead.');
  }
}
