import type { TokenDesk } from '../../../auth/tokens/token-desk.js';
import type { Clock } from '../../../clock/clock.js';
import type { Config } from '../../../config/config.js';
import type { SqliteLocation } from '../../../installation/sqlite-location.js';
import { databaseFileAt } from '../../../journal/database-file-at.js';
import type { Control } from '../installation/control.js';
import type { ClusterDesk, ConnectedServer, Installation } from '../installation/installation.js';
import { UsageError } from '../installation/usage-error.js';

const ONE_SERVER =
  'The database is a SQLite file, so this installation has one server. Several need PostgreSQL. See docs/postgres.md.';

/** An installation whose database is a file, with other files beside it. Its methods load the code that they need. */
export class SqliteInstallation implements Installation {
  constructor(
    private readonly config: Config,
    readonly location: SqliteLocation,
  ) {}

  get firstTokenPlace(): SqliteLocation {
    return this.location;
  }

  async checkBeforeStart(): Promise<void> {
    const { BACKUP_DIR } = this.config;
    if (BACKUP_DIR !== undefined) await checkBackupFolder(BACKUP_DIR);
    const file = databaseFileAt(this.location);
    await file.check();
    await file.checkIsFree();
  }

  async connect(clock: Clock): Promise<ConnectedServer> {
    const { openJournal } = await import('../../../journal/open-journal.js');
    const { ControlFilePublisher } = await import('./control-file-publisher.js');
    const journal = await openJournal(this.location, clock);
    return { journal, control: new ControlFilePublisher(this.location), beginTerm: (begin) => begin() };
  }

  async findServer(): Promise<Control | null> {
    const { readControlFile } = await import('./control-file.js');
    const { ServerUnreachableError } = await import('../remote-server.js');
    return readControlFile(this.location).catch((cause: unknown) => {
      throw new ServerUnreachableError({ cause });
    });
  }

  async useTokens<T>(use: (desk: TokenDesk) => Promise<T>): Promise<T> {
    const { useTokens } = await import('./use-tokens.js');
    return useTokens({ config: this.config, location: this.location }, use);
  }

  async backUp(file: string): Promise<void> {
    const { backUp } = await import('./back-up.js');
    return backUp(this.config, this.location, file);
  }

  async restore(file: string | undefined): Promise<void> {
    const { restore } = await import('./restore.js');
    return restore(this.location, file);
  }

  cluster(): Promise<ClusterDesk> {
    return Promise.reject(new UsageError(ONE_SERVER));
  }
}

/** Runs before the database is opened, so that nothing has changed if it throws. */
async function checkBackupFolder(path: string): Promise<void> {
  const { BackupFolder } = await import('../../../store/backup/backup-folder.js');
  BackupFolder.open(path);
}
