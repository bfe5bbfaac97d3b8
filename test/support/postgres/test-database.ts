import { randomUUID } from 'node:crypto';
import { SystemClock } from '../../../src/clock/system-clock.js';
import type { PostgresUrl } from '../../../src/config/database-url.js';
import type { PostgresLocation } from '../../../src/installation/postgres-location.js';
import { openJournal } from '../../../src/journal/open-journal.js';
import type { Cluster } from '../../../lab/kit/postgres/cluster.js';

/** A database with the schema and no rows. To copy it is faster than to make the schema each time. */
const TEMPLATE = 'octostore_template';

export async function makeTemplate(cluster: Cluster): Promise<void> {
  await cluster.query(`create database ${TEMPLATE}`);
  await (await openJournal(cluster.location(TEMPLATE), new SystemClock())).close();
}

/** A database of its own for a test. */
export class TestDatabase {
  readonly #cluster: Cluster;
  readonly name: string;

  private constructor(cluster: Cluster, name: string) {
    this.#cluster = cluster;
    this.name = name;
  }

  /** With the schema, and no rows. */
  static create(cluster: Cluster): Promise<TestDatabase> {
    return TestDatabase.#create(cluster, TEMPLATE);
  }

  static empty(cluster: Cluster): Promise<TestDatabase> {
    return TestDatabase.#create(cluster, 'template0');
  }

  static async #create(cluster: Cluster, template: string): Promise<TestDatabase> {
    const name = `test_${randomUUID().replaceAll('-', '')}`;
    await cluster.query(`create database ${name} template ${template}`);
    return new TestDatabase(cluster, name);
  }

  location(more: Partial<PostgresUrl> = {}): PostgresLocation {
    return this.#cluster.location(this.name, more);
  }

  /** Runs a statement as the superuser. */
  query<Row extends object>(text: string, database = this.name): Promise<Row[]> {
    return this.#cluster.query<Row>(text, database);
  }

  async drop(): Promise<void> {
    await this.#cluster.query(`drop database ${this.name} with (force)`);
  }
}
