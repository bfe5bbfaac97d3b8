import { Logger } from '@nestjs/common';
import { AdminKey } from '../../../auth/admin-key.js';
import type { Clock } from '../../../clock/clock.js';
import type { Config } from '../../../config/config.js';
import type { PostgresLocation } from '../../../installation/postgres-location.js';
import type { Leader, SharedDatabase, SharedJournal } from '../../../journal/shared-database.js';
import type { Role } from '../../../lifecycle/roles.js';
import type { LedTerm } from '../../../replica/led-term.js';
import { controlKey } from '../../../secrets/control-key.js';
import type { SecretKeys } from '../../../secrets/secret-keys.js';
import { greet, logReady } from '../ready.js';
import { otherSettings } from './cluster-desk.js';

/** Operators know these log lines by this context. */
const logger = new Logger('Server');

interface Place {
  readonly config: Config;
  readonly location: PostgresLocation;
  readonly keys: SecretKeys;
  readonly database: Pick<SharedDatabase, 'cluster'>;
}

/** By then, all servers that run have reported their settings. */
const COMPARE_AFTER_MS = 5_000;

/** How often to look whether a leader has written. */
const LOOK_EVERY_MS = 100;

/** What a server does and says when it begins to lead, or to follow another one. */
export class Roles {
  #isReady = false;

  constructor(
    private readonly place: Place,
    private readonly journal: Pick<SharedJournal, 'advertise' | 'hasSeenCommit' | 'leader' | 'reign'>,
    private readonly listening: string,
    private readonly clock: Clock,
  ) {}

  /** @param url where others reach this server. */
  async leads({ term, app }: LedTerm, url: string): Promise<void> {
    const { config, keys } = this.place;
    const adminKey = app.get(AdminKey);
    for (const key of keys.all) adminKey.accept(controlKey(key, this.journal.reign));
    await this.journal.advertise(url);
    logger.log({ message: 'This server leads', term: term.store.epoch, leader: url });
    this.#ready('leader');
    this.clock.after(COMPARE_AFTER_MS, () => void this.#compareSettings().catch(() => undefined));
    await greet(term, config, { url: this.listening, place: null });
  }

  follows(leader: Leader): void {
    if (!this.journal.hasSeenCommit) {
      logger.log({
        message:
          'Another server led on this database last. Waiting up to 3 seconds to see whether it still does',
        lastLeader: leader.url,
      });
    }
    this.#whenSeenToWrite(leader, () => this.#standsBy(leader));
  }

  /** Does not call `then` if another server leads in the meantime. That may be this one. */
  #whenSeenToWrite(leader: Leader, then: () => void): void {
    const { journal, clock } = this;
    if (journal.leader?.reign !== leader.reign) return;
    if (journal.hasSeenCommit) then();
    else clock.after(LOOK_EVERY_MS, () => this.#whenSeenToWrite(leader, then));
  }

  #standsBy({ url }: Leader): void {
    logger.log({
      message:
        'Another server leads on this database. This one forwards requests to it, and takes over when it stops or is gone for 3 seconds',
      leader: url,
    });
    this.#ready('standby');
  }

  /** Logs which servers have other settings than this one. */
  async #compareSettings(): Promise<void> {
    const servers = otherSettings((await this.place.database.cluster()).replicas).map(({ url }) => url);
    if (servers.length === 0) return;
    logger.warn({
      message: 'These servers have other settings than this one, which leads. Give all of them the same',
      servers: servers.join(', '),
    });
  }

  #ready(role: Role): void {
    if (this.#isReady) return;
    this.#isReady = true;
    logReady({ url: this.listening, location: this.place.location, role });
  }
}
