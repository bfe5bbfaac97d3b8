import type { MigrationInterface } from 'typeorm';
import type { Queries } from './queries.js';

export class InitialSchema1763596800000 implements MigrationInterface {
  async up(queryRunner: Queries): Promise<void> {
    for (const statement of STATEMENTS) await queryRunner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('The first schema cannot be undone. Restore a backup instead.');
  }
}

const STATEMENTS = [
  `create table "server" (
    "id" integer primary key not null,
    "epoch" integer not null,
    "last_fencing_token" integer not null,
    "last_sequence" integer not null,
    "pruned_through" integer not null,
    "restored_at" integer not null,
    "last_instant" integer not null,
    "boot_id" text,
    "monotonic_offset" integer not null,
    "wall_skew" integer not null
  )`,
  `insert into "server" values (1, 0, 0, 0, 0, 0, 0, null, 0, 0)`,
  `create table "leases" (
    "fencing_token" integer primary key not null,
    "lock_name" text not null,
    "lease_id" text not null,
    "user_id" text not null,
    "session_id" text,
    "ttl_seconds" integer not null,
    "deadline" integer not null,
    "metadata" text
  )`,
  `create table "sessions" (
    "session_id" text primary key not null,
    "user_id" text not null,
    "ttl_seconds" integer not null,
    "state" text not null,
    "deadline" integer not null
  )`,
  `create table "events" (
    "sequence" integer primary key not null,
    "type" text not null,
    "lock_name" text not null,
    "user_id" text not null,
    "session_id" text,
    "fencing_token" integer not null,
    "expires_at" integer,
    "metadata" text,
    "occurred_at" integer not null
  )`,
  `create table "users" (
    "user_id" text primary key not null,
    "provider" text not null,
    "subject" text not null,
    "login" text not null,
    "avatar_url" text,
    "created_at" integer not null
  )`,
  `create table "tokens" (
    "token_hash" text primary key not null,
    "user_id" text not null,
    "revoked_at" integer,
    "created_at" integer not null
  )`,
  `create table "webhooks" (
    "webhook_id" text primary key not null,
    "user_id" text not null,
    "url" text not null,
    "sealed_secret" text,
    "events" text not null,
    "lock_pattern" text,
    "starts_after" integer not null,
    "disabled_reason" text,
    "failing_since" integer,
    "created_at" integer not null,
    "deleted_at" integer
  )`,
  `create table "deliveries" (
    "delivery_id" text primary key not null,
    "webhook_id" text not null,
    "sequence" integer not null,
    "payload" text not null,
    "state" text not null,
    "lane" text not null,
    "dead_reason" text,
    "attempts" text not null,
    "failures" integer not null,
    "next_attempt_at" integer,
    "created_at" integer not null
  )`,
  `create index "deliveries_of_webhook" on "deliveries" ("webhook_id", "sequence")`,
  `create table "cursors" (
    "reader" text primary key not null,
    "sequence" integer not null
  )`,
];
