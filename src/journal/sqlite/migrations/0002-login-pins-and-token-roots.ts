import type { MigrationInterface } from 'typeorm';
import type { Queries } from './queries.js';

/**
 * Records the GitHub account that each configured login is pinned to, and the configured token that each rotated token
 * descends from.
 */
export class LoginPinsAndTokenRoots1764374400000 implements MigrationInterface {
  async up(queryRunner: Queries): Promise<void> {
    for (const statement of STATEMENTS) await queryRunner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('This schema change cannot be undone. Restore a backup instead.');
  }
}

const STATEMENTS = [
  `create table "login_pins" (
    "login" text primary key not null,
    "subject" text not null,
    "created_at" integer not null
  )`,
  `alter table "tokens" add column "descends_from" text`,
  // Earlier versions did not record what a token was rotated from. If a static user has a revoked token, the others may
  // descend from it.
  `update "tokens" set "descends_from" = 'unknown' where "revoked_at" is null and "user_id" in (
    select "user_id" from "tokens" join "users" using ("user_id")
      where "provider" = 'static' and "revoked_at" is not null
  )`,
];
