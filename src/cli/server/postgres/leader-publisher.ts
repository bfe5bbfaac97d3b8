import { Logger } from '@nestjs/common';
import type { AdminKey } from '../../../auth/admin-key.js';
import type { Config } from '../../../config/config.js';
import type { SharedJournal } from '../../../journal/shared-database.js';
import { controlKey } from '../../../secrets/control-key.js';
import type { ControlPublisher } from '../installation/control.js';
import { VERSION } from '../../../version.js';
import { settingsDigest } from './settings-digest.js';
import { advertisedUrl } from './advertised-url.js';

/** Operators know these log lines by this context. */
const logger = new Logger('Server');

/** Publishes in the database. */
export class LeaderPublisher implements ControlPublisher {
  constructor(
    private readonly journal: Pick<SharedJournal, 'reign' | 'advertise' | 'join'>,
    private readonly config: Config,
    private readonly secretKey: string,
  ) {}

  /** The new term has already replaced what a killed process left. */
  clear(): Promise<void> {
    return Promise.resolve();
  }

  async publish(url: string, keys: AdminKey): Promise<void> {
    keys.accept(controlKey(this.secretKey, this.journal.reign));
    const advertised = advertisedUrl(this.config, url);
    this.journal.join({
      url: advertised,
      version: VERSION,
      settings: settingsDigest(this.config, this.secretKey),
    });
    await this.journal.advertise(advertised).catch((error: unknown) => {
      logger.warn({
        message:
          'The address of this server could not be stored, so "octostore token" will not reach it. Restart it',
        error,
      });
    });
  }

  /** Closing the journal does that, in the same step in which another process can begin a term. */
  withdraw(): Promise<void> {
    return Promise.resolve();
  }
}
