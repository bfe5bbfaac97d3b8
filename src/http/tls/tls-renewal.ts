import type { Server } from 'node:https';
import { Logger } from '@nestjs/common';
import type { CancelTimer, Clock } from '../../clock/clock.js';
import { readTlsIdentity, type TlsIdentity, type TlsPaths } from './tls-files.js';

/** How often the files are read, in milliseconds. They are small, and file watching does not work for mounted secrets. */
const READ_EVERY_MS = 10_000;

/** Makes a server use a new certificate when its files change. Open connections keep the certificate that they began with. */
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

  /** Starts when the server listens, and stops when it closes. */
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

  /** Logs each problem once. While the files are being replaced, they may not belong together for a moment. */
  #warnOnce(error: unknown): void {
    const problem = String(error);
    if (problem === this.#lastProblem) return;
    this.#lastProblem = problem;
    this.#logger.error({ message: 'The new certificate cannot be used, so the old one stays in use', error });
  }
}
