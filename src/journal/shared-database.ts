import type { Clock } from '../clock/clock.js';
import type { Cluster, Finalized, Replica, Replication } from './cluster.js';
import type { Journal } from './journal.js';

/** The process that leads. */
export interface Leader {
  /** Where it can be reached. Empty if that is not known yet. */
  readonly url: string;
  /** Identifies its term. */
  readonly reign: string;
}

/** A journal in a database that several processes can connect to. */
export interface SharedJournal extends Journal {
  /** Identifies the term that this journal has begun. */
  readonly reign: string;
  /** The process that leads, as last seen. Null if no one leads, or if the leader cannot be reached yet. */
  readonly leader: Leader | null;
  /** Whether a process has written to the database while this one watched. Otherwise the last leader may have been gone for long. */
  readonly hasSeenCommit: boolean;
  /** Calls `listener` when `leader` changes, which is noticed while `lead` waits and after `follow`. Returns a function that ends this. */
  onLeader(listener: (leader: Leader | null) => void): () => void;
  /** Looks at who leads, without a wish to lead. Ends with the next `lead`, or with `close`. */
  follow(): void;
  /** Lists this process among the servers of the database, until `close`. Call it again if something changes. */
  join(replica: Replica): void;
  /** Lets others find this process while it leads. Null if it can no longer be reached. */
  advertise(url: string | null): Promise<void>;
  /** What recognizes the secret keys that every server needs, as stored. Null if nothing is stored. */
  secretCheck(): Promise<string | null>;
  /** Stores another one, as long as this process leads. Throws `TermEndedError`. */
  storeSecretCheck(check: string): Promise<void>;
  /**
   * Ends the term of this journal, so that another process can lead at once. The journal stays connected, and can lead again. Takes five
   * seconds at most. If the database cannot be reached in that time, another process leads a little later.
   */
  resign(): Promise<void>;
}

export interface DeclaredRestored {
  /** The server issues fencing tokens above this one. */
  readonly fencingToken: number;
  /** When the restored database was last written to, in milliseconds since 1970. */
  readonly writtenAtMs: number;
}

/** Operations on a database that several processes can connect to. */
export interface SharedDatabase {
  /** Connects, and upgrades the schema if necessary. See `openJournal`. */
  connect(clock: Clock): Promise<SharedJournal>;
  /** Null if no process leads, or if no server has ever used the database. */
  leader(): Promise<Leader | null>;
  /**
   * Declares that the database has been restored from a backup. Later terms issue numbers above any that can have been issued since the
   * backup, all leases and sessions end, and all fences refuse earlier tokens. A backup that was made while a server led names that server,
   * so this waits to see whether it is still there. Throws `DatabaseLedError` if a process leads.
   */
  declareRestored(clock: Clock): Promise<DeclaredRestored>;
  /** All servers of the database, and its last terms. */
  cluster(): Promise<Cluster>;
  /** Allows what only the newest version can read, as far as every server that runs can read it. */
  finalize(): Promise<Finalized>;
  replication(): Promise<Replication>;
  /** What recognizes the secret keys that every server needs. Null if nothing is stored. */
  secretCheck(): Promise<string | null>;
  /** Stores what recognizes the secret keys of all servers, unless that is stored already. Resolves with what is stored. */
  keepSecretCheck(check: string): Promise<string>;
}
