import type { TokenDesk } from '../../../auth/tokens/token-desk.js';
import type { Clock } from '../../../clock/clock.js';
import type { DatabaseLocation } from '../../../installation/database-location.js';
import type { SqliteLocation } from '../../../installation/sqlite-location.js';
import type { Journal } from '../../../journal/journal.js';
import type { Control, ControlPublisher } from './control.js';

/** A server that is connected to its database and does not lead yet. */
export interface ConnectedServer {
  readonly journal: Journal;
  readonly control: ControlPublisher;
  /** Runs `begin`, which begins a term, and logs why if it has to wait. */
  beginTerm<T>(begin: () => Promise<T>): Promise<T>;
}

/** What `octostore cluster` does. */
export interface ClusterDesk {
  /** Prints all servers of the database, and its last terms. */
  showStatus(isJson: boolean): Promise<void>;
  /** Allows what only the newest version can read, and prints what came of it. */
  finalize(): Promise<void>;
}

/** A server and its database. What depends on the kind of database is here, and `findInstallation` chooses. */
export interface Installation {
  readonly location: DatabaseLocation;
  /** Where the first start can leave a token for you. Null if there is no place that only you can read. */
  readonly firstTokenPlace: SqliteLocation | null;
  /** Checks that a server can start, and changes nothing. Fast, because it runs before the server's code is loaded. */
  checkBeforeStart(): Promise<void>;
  /** Connects to the database, and waits for it if that can help. */
  connect(clock: Clock): Promise<ConnectedServer>;
  /** How to reach the running server. Null if none is running. */
  findServer(): Promise<Control | null>;
  /**
   * Manages tokens through the running server, or without one if none runs. Waits for a server that is starting or stopping, and for
   * other commands.
   */
  useTokens<T>(use: (desk: TokenDesk) => Promise<T>): Promise<T>;
  /** `octostore backup FILE` */
  backUp(file: string): Promise<void>;
  /** `octostore restore [FILE]` */
  restore(file: string | undefined): Promise<void>;
  /** `octostore cluster`. Rejects with `UsageError` if only one server can use the database. */
  cluster(): Promise<ClusterDesk>;
}
