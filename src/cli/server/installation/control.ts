import type { AdminKey } from '../../../auth/admin-key.js';

/** How commands reach the running server, as administrators. */
export interface Control {
  readonly url: string;
  readonly key: string;
  /**
   * Whether the URL is an address of this machine. Then the certificate is not checked, because it is for the server's name, and
   * because no one else can answer at that address.
   */
  readonly isOnThisMachine: boolean;
  /** What happened and what to do, if the server cannot be reached. */
  readonly ifUnreachable: string;
}

/** Lets the commands find the running server. No method throws: clients do not need this, so a failure is only logged. */
export interface ControlPublisher {
  /** Removes what a killed process left. Call it before the server listens. */
  clear(): Promise<void>;
  /** Lets the commands find this server at its URL. */
  publish(url: string, keys: AdminKey): Promise<void>;
  /** Undoes `publish`. Call it before the last changes are written. */
  withdraw(): Promise<void>;
}
