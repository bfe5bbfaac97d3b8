import { Logger } from '@nestjs/common';
import type { AdminKey } from '../../../auth/admin-key.js';
import type { SqliteLocation } from '../../../installation/sqlite-location.js';
import type { ControlPublisher } from '../installation/control.js';
import { removeControlFile, writeControlFile } from './control-file.js';

/** Operators know these log lines by this context. */
const logger = new Logger('Server');

/** Publishes in a file beside the database. */
export class ControlFilePublisher implements ControlPublisher {
  constructor(private readonly location: SqliteLocation) {}

  /** A file left by a killed process would send the commands to any program that listens on that port now. */
  clear(): Promise<void> {
    return removeControlFile(this.location).catch(warn);
  }

  async publish(url: string, keys: AdminKey): Promise<void> {
    await writeControlFile(this.location, { url, key: keys.issue() }).catch(warn);
  }

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
