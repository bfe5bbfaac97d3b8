/** What a process does to a store while the shim records it. */
export interface Load {
  readonly database: string;
  readonly log: string;
  /** Clients are numbered from here, each with locks of its own. */
  readonly firstClient: number;
  readonly clients: number;
  /** Of each client. */
  readonly requests: number;
  readonly seed: number;
  /** SQL to run on the journal's connection. */
  readonly tuning: string;
}

/** Requests of one run are numbered from here times its first client, so that no two runs use the same numbers. */
export const IDS_PER_CLIENT = 1_000_000;
