import { randomUUID } from 'node:crypto';
import type { Settings } from '../../../src/bench/server/server-process.js';
import { Cluster } from '../postgres/cluster.js';

/** The database of one built server, which survives when the process is killed. */
export interface ProofDatabase {
  /** How a server finds it. Creates it the first time. */
  settings(): Promise<Settings>;
  remove(): Promise<void>;
}

export const DATABASE_KINDS = ['sqlite', 'postgres'] as const;

export type DatabaseKind = (typeof DATABASE_KINDS)[number];

let kind: DatabaseKind = 'sqlite';

/** Chooses the kind of database of all servers that are built from now on. */
export function useDatabases(chosen: DatabaseKind): void {
  kind = chosen;
}

/** Whether each start is a change of the leader, which judges leases at the last commit. */
export function startsAreTakeOvers(): boolean {
  return kind === 'postgres';
}

export function newProofDatabase(): ProofDatabase {
  return kind === 'postgres' ? new DatabaseInCluster() : IN_A_FILE;
}

/** The file is in the folder of the server, which is removed with it. */
const IN_A_FILE: ProofDatabase = {
  settings: () => Promise.resolve({}),
  remove: () => Promise.resolve(),
};

let cluster: Promise<Cluster> | null = null;

/** The cluster that all proofs of this process share. It ends with the process. */
function sharedCluster(): Promise<Cluster> {
  cluster ??= Cluster.create().then((created) => {
    if (created === null) throw new Error('PostgreSQL is not installed (Debian: postgresql)');
    process.once('exit', () => created.remove());
    return created;
  });
  return cluster;
}

class DatabaseInCluster implements ProofDatabase {
  readonly #name = `proof_${randomUUID().replaceAll('-', '')}`;
  #isCreated = false;

  async settings(): Promise<Settings> {
    const shared = await this.#create();
    return {
      DATABASE_URL: shared.databaseUrl(this.#name),
      SECRET_KEY: 'the-secret-key-of-all-built-servers',
    };
  }

  async remove(): Promise<void> {
    if (!this.#isCreated) return;
    this.#isCreated = false;
    await (await sharedCluster()).query(`drop database ${this.#name} with (force)`);
  }

  async #create(): Promise<Cluster> {
    const shared = await sharedCluster();
    if (!this.#isCreated) await shared.query(`create database ${this.#name}`);
    this.#isCreated = true;
    return shared;
  }
}
