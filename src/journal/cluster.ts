/** A server that uses a database together with others. */
export interface Replica {
  /** How the others reach it. */
  readonly url: string;
  /** Of OctoStore. */
  readonly version: string;
  /** A digest of its settings, which shows whether two servers have the same ones. It reveals none of them. */
  readonly settings: string;
}

/** A server that has been seen in the last hour, and has not ended cleanly. */
export interface SeenReplica extends Replica {
  /** Random for each process. */
  readonly replicaId: string;
  /** What it can read and write at most. See `Cluster.format`. */
  readonly format: number;
  readonly isLeader: boolean;
  /** In milliseconds since 1970, by the clock of the database. */
  readonly startedAtMs: number;
  /** How long ago it was last seen, in milliseconds. A server that runs is seen every two seconds. */
  readonly seenAgoMs: number;
}

export const TERM_REASONS = ['first', 'resigned', 'silent', 'restored', 'restart'] as const;

/**
 * Why a term began: it was the first, the leader before had resigned or was silent for too long, the database was declared restored, or the
 * leader began again.
 */
export type TermReason = (typeof TERM_REASONS)[number];

export interface PastTerm {
  readonly epoch: number;
  /** Null if a command began the term. So is `version`. */
  readonly url: string | null;
  readonly version: string | null;
  /** In milliseconds since 1970, by the clock of the database. */
  readonly beganAtMs: number;
  readonly reason: TermReason;
  /** How many fencing tokens and sequences it skipped, because commits may have been lost. */
  readonly skipped: number;
}

/** All servers of a database. */
export interface Cluster {
  /** What the database may contain. A server with a lower one of its own does not lead. */
  readonly format: number;
  /** The leader first, then in the order in which they started. */
  readonly replicas: readonly SeenReplica[];
  /** The newest first. */
  readonly terms: readonly PastTerm[];
}

/** The servers on a database, as one of them knows them. */
export interface Company {
  /** What this server says of itself. Null before it has joined. */
  readonly own: Replica | null;
  /** Throws `DatabaseUnavailableError`. */
  read(): Promise<Cluster>;
}

/** What came of an attempt to allow what only the newest version can read. */
export interface Finalized {
  readonly formatBefore: number;
  readonly format: number;
  /** Servers that run an older version. They must be replaced before the format can be raised further. */
  readonly outdated: readonly SeenReplica[];
}

/** How the database is copied to standbys. */
export interface Replication {
  /** How many standbys are connected. */
  readonly standbys: number;
  /** Whether commits wait for a standby. */
  readonly isSynchronous: boolean;
}

/** A server that has not been seen for so many milliseconds is considered gone. */
export const GONE_AFTER_MS = 10_000;

export const REPLICA_ROLES = ['leader', 'standby', 'gone'] as const;

/** What a server does, as far as the others know. */
export type ReplicaRole = (typeof REPLICA_ROLES)[number];

export function roleOf({ isLeader, seenAgoMs }: SeenReplica): ReplicaRole {
  if (seenAgoMs > GONE_AFTER_MS) return 'gone';
  return isLeader ? 'leader' : 'standby';
}
