/** How commands reach the running server, as administrators. */
export interface Control {
  readonly url: string;
  readonly key: string;
  /**
   * Whether the URL is an address of this machine. Then the certificate is not checked, because it is for the server's name, and
   * because no one else can answer at that address.
   */
  readonly isOnThisMachine: boolean;
  /** Whether the key is sent as a bearer token, so that it may also be the token of an administrator. */
  readonly isBearer?: boolean;
  /** What happened and what to do, if the server cannot be reached. */
  readonly ifUnreachable: string;
}
