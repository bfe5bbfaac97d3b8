import type { MigrationInterface, QueryRunner } from 'typeorm';

/** All that the engine for SQLite has after its first five migrations, and who leads. */
export class InitialSchema1764720000001 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await queryRunner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('The first schema cannot be undone. Restore a backup instead.');
  }
}

/**
 * Text is compared byte by byte, as everywhere else in the service. Tables whose rows are updated all the time leave half of each
 * page free, so that an update needs no new entry in an index.
 */
const STATEMENTS = [
  `create table "server" (
    "id" bigint primary key,
    "epoch" bigint not null,
    "last_fencing_token" bigint not null,
    "last_sequence" bigint not null,
    "pruned_through" bigint not null,
    "restored_at" bigint not null,
    "last_instant" bigint not null,
    "boot_id" text collate "C",
    "monotonic_offset" bigint not null,
    "wall_skew" bigint not null,
    "reign" uuid,
    "commit_no" bigint not null,
    "leader_url" text collate "C",
    "system_id" text collate "C",
    "timeline" bigint,
    "postmaster_started_at" timestamptz,
    "db_clock" timestamptz
  ) with (fillfactor = 50)`,
  `insert into "server" values (1, 0, 0, 0, 0, 0, 0, null, 0, 0, null, 0)`,
  `create table "leases" (
    "fencing_token" bigint primary key,
    "lock_name" text collate "C" not null,
    "lease_id" text collate "C" not null,
    "user_id" text collate "C" not null,
    "session_id" text collate "C",
    "ttl_seconds" bigint not null,
    "deadline" bigint not null,
    "metadata" text collate "C",
    "terms" text collate "C"
  ) with (fillfactor = 50)`,
  `create table "sessions" (
    "session_id" text collate "C" primary key,
    "user_id" text collate "C" not null,
    "ttl_seconds" bigint not null,
    "state" text collate "C" not null,
    "deadline" bigint not null
  ) with (fillfactor = 50)`,
  `create table "events" (
    "sequence" bigint primary key,
    "type" text collate "C" not null,
    "lock_name" text collate "C" not null,
    "user_id" text collate "C" not null,
    "session_id" text collate "C",
    "fencing_token" bigint not null,
    "expires_at" bigint,
    "metadata" text collate "C",
    "occurred_at" bigint not null,
    "details" text collate "C"
  )`,
  `create table "users" (
    "user_id" text collate "C" primary key,
    "provider" text collate "C" not null,
    "subject" text collate "C" not null,
    "login" text collate "C" not null,
    "avatar_url" text collate "C",
    "created_at" bigint not null
  )`,
  `create table "tokens" (
    "token_hash" text collate "C" primary key,
    "user_id" text collate "C" not null,
    "revoked_at" bigint,
    "created_at" bigint not null,
    "descends_from" text collate "C"
  )`,
  `create table "login_pins" (
    "login" text collate "C" primary key,
    "subject" text collate "C" not null,
    "created_at" bigint not null
  )`,
  `create table "webhooks" (
    "webhook_id" text collate "C" primary key,
    "user_id" text collate "C" not null,
    "url" text collate "C" not null,
    "sealed_secret" text collate "C",
    "events" text collate "C" not null,
    "lock_pattern" text collate "C",
    "starts_after" bigint not null,
    "disabled_reason" text collate "C",
    "suspended_by" text collate "C",
    "ordering" text collate "C" not null default 'in_order',
    "failing_since" bigint,
    "created_at" bigint not null,
    "deleted_at" bigint
  )`,
  `create table "deliveries" (
    "delivery_id" text collate "C" primary key,
    "webhook_id" text collate "C" not null,
    "sequence" bigint not null,
    "payload" text collate "C" not null,
    "state" text collate "C" not null,
    "lane" text collate "C" not null,
    "dead_reason" text collate "C",
    "attempts" text collate "C" not null,
    "failures" bigint not null,
    "next_attempt_at" bigint,
    "created_at" bigint not null
  )`,
  `create index "deliveries_of_webhook" on "deliveries" ("webhook_id", "sequence")`,
  `create table "cursors" (
    "reader" text collate "C" primary key,
    "sequence" bigint not null
  ) with (fillfactor = 50)`,
  `create table "coolings" (
    "lock_name" text collate "C" primary key,
    "user_id" text collate "C" not null,
    "fencing_token" bigint not null,
    "until" bigint not null
  )`,
  `create table "broken_leases" (
    "fencing_token" bigint primary key,
    "lease_id" text collate "C" not null,
    "user_id" text collate "C" not null,
    "lock_names" text collate "C" not null,
    "broken_by" text collate "C",
    "reason" text collate "C" not null,
    "broken_at" bigint not null
  )`,
  `create table "fences" (
    "name" text collate "C" primary key,
    "user_id" text collate "C" not null,
    "highest" bigint not null
  ) with (fillfactor = 50)`,
  `create table "proof_keys" (
    "key_id" text collate "C" primary key,
    "public_key" text collate "C" not null,
    "sealed_private_key" text collate "C",
    "created_at" bigint not null,
    "retired_at" bigint
  )`,
];
