import type { MigrationInterface } from 'typeorm';
import type { Queries } from './queries.js';

/** Lets webhooks be suspended, and their owners choose the order in which events are sent. */
export class WebhookSuspension1764460800003 implements MigrationInterface {
  async up(queryRunner: Queries): Promise<void> {
    await queryRunner.query(`alter table "webhooks" add column "suspended_by" text`);
    await queryRunner.query(`alter table "webhooks" add column "ordering" text not null default 'in_order'`);
  }

  async down(): Promise<void> {
    throw new Error('This schema change cannot be undone. Restore a backup instead.');
  }
}
