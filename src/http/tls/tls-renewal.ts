import type { Server } from 'node:https';
import { Logger } from '@nestjs/common';
import type { CancelTimer, Clock } from '../../clock/clock.js';
import { readTlsIdentity, type TlsIdentity, type TlsPaths } from './tls-files.js';

/** How often the files are read. They are small, and being told of changes by the system fails for mounted secrets. */
const READ_EVERY_MS = 10_000;

/** Has a server take up a new certificate when its files change. Connections that are open keep the one they began with. */
export class TlsRenewal {
  readonly #logger = new Logger('Tls');
  readonly #clock: Clock;
  readonly #paths: TlsPaths;
  readonly #server: Server;
  #inUse: TlsIdentity;
  #lastProblem: string | null = null;
  #cancel: CancelTimer = () => undefined;

  constructor(clock: Clock, paths: TlsPaths, inUse: TlsIdentity, server: Server) {
    this.#clock = clock;
    this.#paths = paths;
    this.#inUse = inUse;
    this.#server = server;
  }

  /** Begins when the server listens, and ends with it. */
  attach(): void {
    this.#server.once('listening', () => this.#readLater());
    this.#server.once('close', () => this.#cancel());
  }

  #readLater(): void {
    this.#cancel = this.#clock.after(READ_EVERY_MS, () => {
      this.#readAgain();
      this.#readLater();
    });
  }

  #readAgain(): void {
    try {
      const identity = readTlsIdentity(this.#paths);
      this.#lastProblem = null;
      if (identity.cert.equals(this.#inUse.cert) && identity.key.equals(this.#inUse.key)) return;
      this.#server.setSecureContext(identity);
      this.#inUse = identity;
      this.#logger.log('A new certificate is in use');
    } catch (error) {
      this.#warnOnce(error);
    }
  }

  /** While the files are being replaced they may not belong together for a moment. */
  #warnOnce(error: unknown): void {
    const problem = String(error);
    if (problem === this.#lastProblem) return;
    this.#lastProblem = problem;
    this.#logger.error({ message: 'The new certificate cannot be used; the old one stays in use', error });
  }
}
