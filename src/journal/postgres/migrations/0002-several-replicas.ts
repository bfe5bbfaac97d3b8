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
    add column "graces" text collate "C"`,
];
