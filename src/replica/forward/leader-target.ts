/** The server that leads, as the database says. */
export interface LeaderTarget {
  /** Where other servers reach it. It has no password and no query. Empty as long as that is not known. */
  readonly url: string;
  /** Identifies its term. */
  readonly reign: string;
}
