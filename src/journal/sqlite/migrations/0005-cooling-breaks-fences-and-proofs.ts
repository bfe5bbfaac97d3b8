import type { MigrationInterface } from 'typeorm';
import type { Queries } from './queries.js';

/** Adds what is kept for locks that cool, leases that were broken, fences, and the keys that sign proofs. */
export class CoolingBreaksFencesAndProofs1764633600005 implements MigrationInterface {
  async up(queryRunner: Queries): Promise<void> {
    for (const statement of STATEMENTS) await queryRunner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('This schema change cannot be undone. Restore a backup instead.');
  }
}

const STATEMENTS = [
  `create table "coolings" (
    "lock_name" text primary key not null,
    "user_id" text not null,
    "fencing_token" integer not null,
    "until" integer not null
  )`,
  `create table "broken_leases" (
    "fencing_token" integer primary key not null,
    "lease_id" text not null,
    "user_id" text not null,
    "lock_names" text not null,
    "broken_by" text,
    "reason" text not null,
    "broken_at" integer not null
  )`,
  `create table "fences" (
    "name" text primary key not null,
    "user_id" text not null,
    "highest" integer not null
  )`,
  `create table "proof_keys" (
    "key_id" text primary key not null,
    "public_key" text not null,
    "sealed_private_key" text,
    "created_at" integer not null,
    "retired_at" integer
  )`,
];
