import type { TokenDesk } from '../../../auth/tokens/token-desk.js';
import type { Clock } from '../../../clock/clock.js';
import { ConfigError, type Config } from '../../../config/config.js';
import type { PostgresLocation } from '../../../installation/postgres-location.js';
import type { SharedDatabase } from '../../../journal/shared-database.js';
import type { Control } from '../installation/control.js';
import type { ClusterDesk, ConnectedServer, Installation } from '../installation/installation.js';
import { UsageError } from '../installation/usage-error.js';

const NO_BACKUP =
  'OctoStore does not back up PostgreSQL. Use pg_dump, or the backups of your provider. See docs/postgres.md.';

/** An installation whose database is PostgreSQL. Nothing of it is on this machine. Its methods load the code that they need. */
export class PostgresInstallation implements Installation {
  /** Someone else may read every file and log on this machine, so the first token has no place. */
  readonly firstTokenPlace = null;
  readonly #secretKey: string;

  constructor(
    private readonly config: Config,
    readonly location: PostgresLocation,
  ) {
    this.#secretKey = config.SECRET_KEY ?? refuseWithoutKey();
  }

  /** The server waits for its database, so nothing is wrong before that. */
  checkBeforeStart(): Promise<void> {
    return Promise.resolve();
  }

  async connect(clock: Clock): Promise<ConnectedServer> {
    const { connectPatiently } = await import('./connect-patiently.js');
    const { withExplanation } = await import('./explained-database.js');
    const { announceWaiting } = await import('./announce-waiting.js');
    const { assertSafeForSeveral, assertSameSecret } = await import('./check-company.js');
    const { LeaderPublisher } = await import('./leader-publisher.js');
    const database = await this.#database();
    const journal = await connectPatiently(() => database.connect(clock), {
      clock,
      database: this.location.name,
    });
    await assertSameSecret(database, this.#secretKey);
    await assertSafeForSeveral(database, this.config, clock);
    return {
      journal,
      control: new LeaderPublisher(journal, this.config, this.#secretKey),
      beginTerm: (begin) => withExplanation(() => announceWaiting(begin, database, clock)),
    };
  }

  async findServer(): Promise<Control | null> {
    const { controlOf } = await import('./leader-control.js');
    const leader = await (await this.#database()).leader();
    return leader === null ? null : controlOf(leader, this.#secretKey);
  }

  async useTokens<T>(use: (desk: TokenDesk) => Promise<T>): Promise<T> {
    const { useTokens } = await import('./use-tokens.js');
    const database = await this.#database();
    const { config, location } = this;
    return useTokens({ config, database, name: location.name, secretKey: this.#secretKey }, use);
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
    return clusterDesk(await this.#database());
  }

  async #database(): Promise<SharedDatabase> {
    const { sharedDatabaseAt } = await import('../../../journal/shared-database-at.js');
    const { explainedDatabase } = await import('./explained-database.js');
    return explainedDatabase(sharedDatabaseAt(this.location));
  }
}

function refuseWithoutKey(): never {
  throw new ConfigError(['SECRET_KEY: must be set, because DATABASE_URL is a PostgreSQL database']);
}
