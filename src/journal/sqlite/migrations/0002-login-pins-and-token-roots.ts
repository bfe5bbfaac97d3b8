import type { MigrationInterface } from 'typeorm';
import type { Queries } from './queries.js';

/** Adds what a login in the configuration is pinned to, and which configured token a rotated one descends from. */
export class LoginPinsAndTokenRoots1764374400000 implements MigrationInterface {
  async up(queryRunner: Queries): Promise<void> {
    for (const statement of STATEMENTS) await queryRunner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('This change of the schema cannot be undone: restore a backup instead.');
  }
}

const STATEMENTS = [
  `create table "login_pins" (
    "login" text primary key not null,
    "subject" text not null,
    "created_at" integer not null
  )`,
  `alter table "tokens" add column "descends_from" text`,
  // Earlier versions did not record what a token was rotated from. A static user with a rotated token may have descendants.
  `update "tokens" set "descends_from" = 'unknown' where "revoked_at" is null and "user_id" in (
    select "user_id" from "tokens" join "users" using ("user_id")
      where "provider" = 'static' and "revoked_at" is not null
  )`,
];
