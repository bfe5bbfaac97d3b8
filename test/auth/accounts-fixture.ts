import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { Accounts } from '../../src/auth/accounts.js';
import { FirstStart } from '../../src/auth/first-start.js';
import { StaticTokens } from '../../src/auth/tokens/static-tokens.js';
import { loadConfig, type Config } from '../../src/config/config.js';
import { LockStore } from '../../src/store/lock-store.js';
import type { Journal } from '../../src/journal/journal.js';
import { openJournalAt } from '../support/journal.js';
import { ManualClock } from '../support/manual-clock.js';

Logger.overrideLogger(false);

const STORE_OPTIONS = {
  maxLocks: 100,
  maxLocksPerUser: 100,
  maxSessions: 100,
  maxSessionsPerUser: 100,
  maxWaiters: 100,
  maxWaitersPerUser: 100,
  maxFences: 100,
  maxFencesPerUser: 100,
  restartGraceSeconds: 0,
  eventRetention: 1000,
  maxPendingCommands: 1000,
  confirmedReads: false,
};

/** The accounts on a database, from the start of one process to its end. */
export interface Life {
  readonly accounts: Accounts;
  readonly firstStart: FirstStart;
  readonly journal: Journal;
  readonly store: LockStore;
  end(): Promise<void>;
}

/** A database in its own folder. Tests can start the accounts on it repeatedly. */
export class AccountsFixture {
  readonly clock = new ManualClock();
  readonly #folder = mkdtempSync(join(tmpdir(), 'octostore-accounts-'));

  get databasePath(): string {
    return join(this.#folder, 'octostore.db');
  }

  start(environment: Record<string, string> = {}): Promise<Life> {
    return this.#begin(environment, (source) => Accounts.open(source));
  }

  /** Starts as a server does that can show no one a token. */
  startUnseen(): Promise<Life> {
    return this.#begin({}, (source) => Accounts.open(source), { mayShowToken: false });
  }

  /** Starts as a command does when it works without a server. */
  startCommand(environment: Record<string, string> = {}): Promise<Life> {
    return this.#begin(environment, (source) => Accounts.openForCommand(source));
  }

  async #begin(
    environment: Record<string, string>,
    open: typeof Accounts.open,
    shows: { readonly mayShowToken?: boolean } = {},
  ): Promise<Life> {
    const config: Config = loadConfig(environment);
    const journal = await openJournalAt(this.databasePath);
    const store = await LockStore.lead(journal, this.clock, STORE_OPTIONS);
    const end = async (): Promise<void> => {
      await store.close();
      await journal.close();
    };
    try {
      const staticTokens = StaticTokens.fromConfig(config);
      const accounts = await open({ journal, store, clock: this.clock, config, staticTokens });
      const firstStart = await FirstStart.prepare(accounts, config, shows);
      return { accounts, firstStart, journal, store, end };
    } catch (error) {
      await end();
      throw error;
    }
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }
}

export const OCTOCAT = {
  provider: 'github',
  subject: '583231',
  login: 'octocat',
  avatarUrl: 'https://avatars.example/u/583231',
} as const;
