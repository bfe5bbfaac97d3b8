/** The headers that a standby adds to the requests that it forwards, in lower case. The leader believes the second only with the first. */
export const FORWARDED_HEADERS = {
  /** A key that only the servers on one database know. */
  key: 'octostore-forwarded',
  /** The address of the client. */
  client: 'octostore-client',
} as const;
