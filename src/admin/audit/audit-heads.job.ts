import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { signedHead } from '../../audit/signed-head.js';
import { SecretBox } from '../../secrets/secret-box.js';
import { LockStore } from '../../store/lock-store.js';

/** How late a new record may show in the log. */
const LOG_EVERY_MS = 60_000;

/** Logs the end of the audit, signed, so that a cut-off end shows to those who keep the log. */
@Injectable()
export class AuditHeadsJob implements BeforeApplicationShutdown {
  /** Operators know these log lines by this context. */
  readonly #logger = new Logger('Audit');
  #logged = 0;

  constructor(
    private readonly store: LockStore,
    private readonly secrets: SecretBox,
  ) {}

  @Interval(LOG_EVERY_MS)
  logHead(): void {
    const { auditHead } = this.store;
    if (auditHead.number === this.#logged) return;
    this.#logged = auditHead.number;
    this.#logger.log({ message: 'The last record of the audit', head: signedHead(auditHead, this.secrets) });
  }

  beforeApplicationShutdown(): void {
    this.logHead();
  }
}
