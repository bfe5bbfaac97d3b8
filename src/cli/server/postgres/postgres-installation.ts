import type { TokenDesk } from '../../../auth/tokens/token-desk.js';
import type { Config } from '../../../config/config.js';
import type { PostgresLocation } from '../../../installation/postgres-location.js';
import type { SharedDatabase } from '../../../journal/shared-database.js';
import { sharedSecretKeysOf, type SecretKeys } from '../../../secrets/secret-keys.js';
import type { Control } from '../installation/control.js';
import type { ClusterDesk, Installation, ServerRun } from '../installation/installation.js';
import { UsageError } from '../installation/usage-error.js';

const NO_BACKUP =
  'OctoStore does not back up PostgreSQL. Use pg_dump, or the backups of your provider. See docs/postgres.md.';

/** An installation whose database is PostgreSQL. Nothing of it is on this machine. Its methods load the code that they need. */
export class PostgresInstallation implements Installation {
  readonly #keys: SecretKeys;

  constructor(
    private readonly config: Config,
    readonly location: PostgresLocation,
  ) {
    this.#keys = sharedSecretKeysOf(config);
  }

  /** The server waits for its database, so nothing is wrong before that. */
  checkBeforeStart(): Promise<void> {
    return Promise.resolve();
  }

  async serve(run: ServerRun): Promise<void> {
    const { serveReplica } = await import('./serve-replica.js');
    const { config, location } = this;
    return serveReplica({ config, location, database: await this.#database(), keys: this.#keys }, run);
  }

  async findServer(): Promise<Control | null> {
    const { findControl } = await import('./leader-control.js');
    const leader = await (await this.#database()).leader();
    return leader === null ? null : findControl(leader, this.#keys);
  }

  async useTokens<T>(use: (desk: TokenDesk) => Promise<T>): Promise<T> {
    const { useTokens } = await import('./use-tokens.js');
    const database = await this.#database();
    const { config, location } = this;
    return useTokens({ config, database, name: location.name, keys: this.#keys }, use);
  }

  backUp(): Promise<void> {
    return Promise.reject(new UsageError(NO_BACKUP));
  }

  async restore(file: string | undefined): Promise<void> {
    const { restore } = await import('./restore.js');
    return restore(await this.#database(), this.location.name, file);
  }

  async cluster(): Promise<ClusterDesk> {
    const { clusterDesk } = await import('./cluster-desk.js');
    return clusterDesk(await this.#database(), this.#keys);
  }

  async #database(): Promise<SharedDatabase> {
    const { sharedDatabaseAt } = await import('../../../journal/shared-database-at.js');
    const { explainedDatabase } = await import('./explained-database.js');
    return explainedDatabase(sharedDatabaseAt(this.location));
  }
}
