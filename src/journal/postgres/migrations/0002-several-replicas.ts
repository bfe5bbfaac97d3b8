import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What several servers on one database need to know of each other. */
export class SeveralReplicas1764720000002 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await queryRunner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('This migration cannot be undone. Restore a backup instead.');
  }
}

const STATEMENTS = [
  `alter table "server"
    add column "continues_from" timestamptz,
    add column "graces" text collate "C",
    add column "format" bigint not null default 1,
    add column "secret_check" text collate "C"`,
  `create table "replicas" (
    "replica_id" text collate "C" primary key,
    "url" text collate "C" not null,
    "version" text collate "C" not null,
    "format" bigint not null,
    "settings" text collate "C" not null,
    "started_at" timestamptz not null,
    "seen_at" timestamptz not null
  ) with (fillfactor = 50)`,
  `create table "terms" (
    "reign" uuid primary key,
    "epoch" bigint not null,
    "replica_id" text collate "C",
    "url" text collate "C",
    "version" text collate "C",
    "began_at" timestamptz not null,
    "reason" text collate "C" not null,
    "skipped" bigint not null
  )`,
];
