/** The headers that a standby adds to the requests that it forwards, in lower case. The leader believes the second only with the first. */
export const FORWARDED_HEADERS = {
  /** Keys that only the servers on one database know. While `SECRET_KEY` is replaced, a server sends one for each of its keys. */
  key: 'octostore-forwarded',
  /** The address of the client. */
  client: 'octostore-client',
} as const;

/** Between the keys of a server that has several. */
export const KEY_SEPARATOR = ',';
