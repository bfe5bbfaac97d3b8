import { Logger } from '@nestjs/common';
import type { AdminKey } from '../../../auth/admin-key.js';
import type { SqliteLocation } from '../../../installation/sqlite-location.js';
import { removeControlFile, writeControlFile } from './control-file.js';

/** Operators know these log lines by this context. */
const logger = new Logger('Server');

/**
 * Lets the commands find the running server, by a file beside the database. No method throws: clients do not need this, so a
 * failure is only logged.
 */
export class ControlFilePublisher {
  constructor(private readonly location: SqliteLocation) {}

  /** Call this before the server listens. A file left by a killed process would send the commands to any program that listens on that port now. */
  clear(): Promise<void> {
    return removeControlFile(this.location).catch(warn);
  }

  async publish(url: string, keys: AdminKey): Promise<void> {
    await writeControlFile(this.location, { url, key: keys.issue() }).catch(warn);
  }

  /** Call this before the last changes are written. */
  withdraw(): Promise<void> {
    return removeControlFile(this.location).catch((error: unknown) => {
      logger.warn({ message: 'The control file could not be removed', error });
    });
  }
}

function warn(error: unknown): void {
  logger.warn({
    message:
      'The control file cannot be written, so "octostore token" will not reach this server. Check the permissions of the folder of the database',
    error,
  });
}
