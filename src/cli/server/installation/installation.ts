import type { TokenDesk } from '../../../auth/tokens/token-desk.js';
import type { Clock } from '../../../clock/clock.js';
import type { DatabaseLocation } from '../../../installation/database-location.js';
import type { Tracing } from '../../../tracing/tracing.js';
import type { Control } from './control.js';

/** A run of the server. */
export interface ServerRun {
  readonly clock: Clock;
  readonly tracing: Tracing;
  /** Call this when the server handles the signals that stop it. Before that, they end the process. */
  readonly started: () => void;
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
  /** Checks that a server can start, and changes nothing. Fast, because it runs before the server's code is loaded. */
  checkBeforeStart(): Promise<void>;
  /** Runs the server until it is told to stop. */
  serve(run: ServerRun): Promise<void>;
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
