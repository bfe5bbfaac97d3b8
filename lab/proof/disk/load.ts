/** The work of a recorded process on a store. */
export interface Load {
  readonly database: string;
  readonly log: string;
  /** The number of the first client. Each client has its own locks. */
  readonly firstClient: number;
  readonly clients: number;
  /** Per client. */
  readonly requests: number;
  readonly seed: number;
  /** SQL to run on the journal's connection. */
  readonly tuning: string;
}

/** A run numbers its requests from this times its first client, so that no two runs share a number. */
export const IDS_PER_CLIENT = 1_000_000;
