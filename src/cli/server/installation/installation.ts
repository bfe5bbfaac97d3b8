import type { TokenDesk } from '../../../auth/tokens/token-desk.js';
import type { Clock } from '../../../clock/clock.js';
import type { DatabaseLocation } from '../../../installation/database-location.js';
import type { Control } from './control.js';

/** A run of the server. */
export interface ServerRun {
  readonly clock: Clock;
  /** Call this when the server handles the signals that stop it. Before that, they end the process. */
  readonly started: () => void;
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
}
