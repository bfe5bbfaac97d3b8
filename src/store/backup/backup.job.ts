import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import { AuditTrail } from '../../audit/audit-trail.js';
import { SERVER_ORIGIN } from '../../audit/origin.js';
import { Clock, type CancelTimer } from '../../clock/clock.js';
import { CONFIG } from '../../config/config.module.js';
import type { Config } from '../../config/config.js';
import type { DatabaseFile } from '../../journal/database-file.js';
import { Journal } from '../../journal/journal.js';
import { RowChanges } from '../../journal/row-changes.js';
import { JobRunner } from '../jobs/job-runner.js';
import { LockStore } from '../lock-store.js';
import { BackupFolder } from './backup-folder.js';

/** A server has enough to do while it starts. */
const FIRST_CHECK_MS = 5_000;

/** How often to check whether a backup is due. The files show when, by the wall clock, which can be set at any time. */
const CHECK_EVERY_MS = 60_000;

/** How long to wait after a failed backup before the next attempt. */
const RETRY_AFTER_MS = 600_000;

/** How often to check, during a backup, whether there is still enough room. */
const ROOM_CHECK_EVERY_MS = 1_000;

const MS_PER_HOUR = 3_600_000;

/** The database to back up, and the folder for its backups. */
interface Plan {
  readonly file: DatabaseFile;
  readonly folder: BackupFolder;
}

/**
 * Makes a verified copy of the database every few hours while the store is running, on a separate connection and thread. The
 * files in the folder show when the last one was made, so a restart neither skips a backup nor adds one.
 */
@Injectable()
export class BackupJob implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy {
  readonly #logger = new Logger(BackupJob.name);
  readonly #stop = new AbortController();
  #plan: Plan | null = null;
  #cancelCheck: CancelTimer = () => undefined;
  #retryAtMs = -Infinity;
  #lastSuccessMs: number | null = null;
  #failures = 0;
  #isChecking = false;

  constructor(
    private readonly jobs: JobRunner,
    private readonly clock: Clock,
    private readonly store: LockStore,
    private readonly journal: Journal,
    @Inject(CONFIG) private readonly config: Config,
    private readonly trail: AuditTrail,
  ) {}

  /** When the newest backup was made, in milliseconds since 1970. 0 if there is none, null if scheduled backups are off. */
  get lastSuccessMs(): number | null {
    return this.#lastSuccessMs;
  }

  /** Backups that have failed since the server started. */
  get failures(): number {
    return this.#failures;
  }

  /** Whether a check or a backup is running. */
  get isChecking(): boolean {
    return this.#isChecking;
  }

  /** Throws `ConfigError`. */
  async onModuleInit(): Promise<void> {
    const { file } = this.journal;
    if (file === null || this.config.BACKUP_DIR === undefined) return;
    const folder = BackupFolder.open(this.config.BACKUP_DIR);
    this.#plan = { file, folder };
    this.#lastSuccessMs = (await folder.newestMs(this.clock.wallMs())) ?? 0;
  }

  onApplicationBootstrap(): void {
    if (this.#plan !== null) this.#checkAfter(FIRST_CHECK_MS, this.#plan);
  }

  /** A stop does not wait for a running backup. What has been written of it is removed. */
  onModuleDestroy(): void {
    this.#cancelCheck();
    this.#stop.abort();
  }

  #checkAfter(delayMs: number, plan: Plan): void {
    this.#cancelCheck = this.clock.after(delayMs, () => void this.#check(plan));
  }

  async #check(plan: Plan): Promise<void> {
    this.#isChecking = true;
    await this.jobs.run('backup', () => this.#backUpIfDue(plan));
    this.#isChecking = false;
    if (!this.#stop.signal.aborted) this.#checkAfter(CHECK_EVERY_MS, plan);
  }

  async #backUpIfDue(plan: Plan): Promise<void> {
    if (this.clock.monotonicMs() < this.#retryAtMs) return;
    try {
      if (await this.#isDue(plan.folder)) await this.#backUp(plan);
    } catch (error) {
      if (!this.#stop.signal.aborted) this.#failed(error);
    }
  }

  async #isDue(folder: BackupFolder): Promise<boolean> {
    const nowMs = this.clock.wallMs();
    const newestMs = await folder.newestMs(nowMs);
    return newestMs === null || nowMs - newestMs >= this.config.BACKUP_EVERY_HOURS * MS_PER_HOUR;
  }

  async #backUp({ file, folder }: Plan): Promise<void> {
    const [nowMs, startMs] = [this.clock.wallMs(), this.clock.monotonicMs()];
    const target = folder.pathAt(nowMs);
    await folder.removeUnfinished();
    await file.checkRoomFor(folder.path, this.config.MIN_FREE_DISK_MB);
    const { lastFencingToken } = await this.#whileThereIsRoom((signal) => file.backUp(target, signal));
    this.#lastSuccessMs = nowMs;
    const tookMs = Math.round(this.clock.monotonicMs() - startMs);
    this.#logger.log({
      message: 'The database was backed up and the copy verified',
      file: target,
      lastFencingToken,
      tookMs,
    });
    await this.#record(target);
    await this.#removeOld(folder, nowMs);
  }

  /** A failed commit stops the store, which reports it. The backup has been made. */
  async #record(target: string): Promise<void> {
    if (!this.store.admission.isAvailable) return;
    const rows = new RowChanges();
    this.trail.record(rows, {
      action: 'database.backup',
      origin: SERVER_ORIGIN,
      subject: null,
      outcome: 'ok',
      details: { file: target },
    });
    await this.store.write(rows).catch(() => undefined);
  }

  /**
   * SQLite's log grows with every commit while a backup runs. If the disk is nearly full, the backup is aborted so that locks
   * still work.
   */
  async #whileThereIsRoom<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const full = new AbortController();
    const next: { cancel?: CancelTimer } = {};
    const check = (): void => {
      if (this.store.admission.isStorageLow)
        full.abort(new Error('the disk that holds the database is nearly full'));
      else next.cancel = this.clock.after(ROOM_CHECK_EVERY_MS, check);
    };
    check();
    try {
      return await run(AbortSignal.any([full.signal, this.#stop.signal]));
    } finally {
      next.cancel?.();
    }
  }

  /** The backup has been made, so an error here does not count as a failed backup. */
  async #removeOld(folder: BackupFolder, nowMs: number): Promise<void> {
    try {
      const removed = await folder.oldNames(this.config.BACKUP_KEEP, nowMs);
      await folder.remove(removed);
      if (removed.length > 0) this.#logger.log({ message: 'Old backups were removed', removed });
    } catch (error) {
      this.#logger.warn({ message: 'Old backups could not be removed', error });
    }
  }

  #failed(error: unknown): void {
    this.#failures += 1;
    this.#retryAtMs = this.clock.monotonicMs() + RETRY_AFTER_MS;
    const reason = error instanceof Error ? error.message : String(error);
    this.#logger.error({ message: `The scheduled backup failed: ${reason}`, error });
  }
}
