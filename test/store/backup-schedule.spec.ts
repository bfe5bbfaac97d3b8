import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Logger, type LoggerService } from '@nestjs/common';
import { beforeEach, describe, expect, test } from 'vitest';
import { AuditTrail } from '../../src/audit/audit-trail.js';
import type { Config } from '../../src/config/config.js';
import type { FileSummary } from '../../src/journal/database-file.js';
import type { Journal } from '../../src/journal/journal.js';
import { Admission } from '../../src/store/admission.js';
import { BackupJob } from '../../src/store/backup/backup.job.js';
import { backupNameAt } from '../../src/store/backup/backup-name.js';
import { JobRunner } from '../../src/store/jobs/job-runner.js';
import type { LockStore } from '../../src/store/lock-store.js';
import { ManualClock } from '../support/manual-clock.js';
import { testFolder } from '../support/temp-folder.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const SOON = { timeout: 20_000, interval: 2 } as const;

const logged: [string, unknown][] = [];
const recorder: LoggerService = {
  log: (message: unknown) => logged.push(['log', message]),
  warn: (message: unknown) => logged.push(['warn', message]),
  error: (message: unknown) => logged.push(['error', message]),
};

type BackUp = (target: string, signal: AbortSignal) => Promise<void>;

const write: BackUp = (target) => Promise.resolve(writeFileSync(target, ''));

/** The job over a database whose backups behave as a test says. */
class Rig {
  readonly clock = new ManualClock();
  readonly folder = testFolder();
  readonly admission = new Admission(1, { pending: 0, isStalled: false });
  readonly job: BackupJob;
  attempts = 0;
  /** How often a backup was recorded in the audit. */
  records = 0;
  backUp: BackUp = write;

  constructor(settings: Partial<Config> = {}, hasFile = true) {
    const file = {
      checkRoomFor: () => Promise.resolve(),
      backUp: async (target: string, signal: AbortSignal): Promise<Pick<FileSummary, 'lastFencingToken'>> => {
        this.attempts += 1;
        await this.backUp(target, signal);
        return { lastFencingToken: 7 };
      },
    };
    const config = { BACKUP_DIR: this.folder, BACKUP_EVERY_HOURS: 2, BACKUP_KEEP: 2, MIN_FREE_DISK_MB: 1 };
    this.job = new BackupJob(
      new JobRunner(),
      this.clock,
      { admission: this.admission, write: () => this.#record() } as unknown as LockStore,
      { file: hasFile ? file : null } as unknown as Journal,
      { ...config, ...settings } as Config,
      new AuditTrail(this.clock),
    );
  }

  #record(): Promise<void> {
    this.records += 1;
    return Promise.resolve();
  }

  async start(): Promise<void> {
    await this.job.onModuleInit();
    this.job.onApplicationBootstrap();
  }

  /** Makes the check that is due happen, and waits for its end. */
  async look(afterMs = MINUTE_MS): Promise<void> {
    this.clock.advance(afterMs);
    await expect.poll(() => this.job.isChecking, SOON).toBe(false);
  }
}

/** The reason of an aborted signal. */
function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((_, reject) => {
    const fail = (): void => reject(signal.reason as Error);
    if (signal.aborted) fail();
    else signal.addEventListener('abort', fail);
  });
}

beforeEach(() => {
  logged.length = 0;
  Logger.overrideLogger(recorder);
});

describe('the first check', () => {
  test('comes five seconds after the start, and the next ones a minute apart', async () => {
    const rig = new Rig();
    await rig.start();
    expect([rig.job.isChecking, rig.job.lastSuccessMs, rig.clock.pendingTimers]).toEqual([false, 0, 1]);
    expect(rig.clock.hasTimerDueIn(5_000)).toBe(true);
    rig.clock.advance(5_000);
    expect(rig.job.isChecking).toBe(true);
    await expect.poll(() => rig.job.isChecking, SOON).toBe(false);
    expect([rig.attempts, rig.clock.pendingTimers, rig.clock.hasTimerDueIn(MINUTE_MS)]).toEqual([1, 1, true]);
  });

  test.each<[string, Partial<Config>, boolean]>([
    ['without a folder', { BACKUP_DIR: undefined }, true],
    ['without a file', {}, false],
  ])('never comes %s', async (_, settings, hasFile) => {
    const rig = new Rig(settings, hasFile);
    await rig.start();
    expect([rig.job.lastSuccessMs, rig.clock.pendingTimers]).toEqual([null, 0]);
  });
});

describe('a backup', () => {
  test('is logged with its file, the last token and its duration', async () => {
    const rig = new Rig();
    rig.backUp = (target) => Promise.resolve(rig.clock.advance(30)).then(() => writeFileSync(target, ''));
    await rig.start();
    await rig.look(5_000);
    const madeAtMs = rig.job.lastSuccessMs ?? 0;
    expect(madeAtMs).toBe(rig.clock.wallMs() - 30);
    const message = 'The database was backed up and the copy verified';
    const file = join(rig.folder, backupNameAt(madeAtMs));
    expect(logged).toEqual([['log', { message, file, lastFencingToken: 7, tookMs: 30 }]]);
    expect([rig.job.failures, rig.records]).toEqual([0, 1]);
  });

  test('succeeds without a record in the audit if the store has failed meanwhile', async () => {
    const rig = new Rig();
    await rig.start();
    rig.admission.stop();
    await rig.look(5_000);
    expect([rig.attempts, rig.job.failures, rig.records]).toEqual([1, 0, 0]);
  });

  test('is due once the newest is as old as the interval', async () => {
    const rig = new Rig();
    const madeAtMs = rig.clock.wallMs() + 5_000 - 2 * HOUR_MS;
    writeFileSync(join(rig.folder, backupNameAt(madeAtMs)), '');
    await rig.start();
    expect(rig.job.lastSuccessMs).toBe(madeAtMs);
    await rig.look(5_000);
    expect(rig.attempts).toBe(1);
  });

  test('is not due as long as the newest is younger', async () => {
    const rig = new Rig();
    writeFileSync(join(rig.folder, backupNameAt(rig.clock.wallMs() + 6_000 - 2 * HOUR_MS)), '');
    await rig.start();
    await rig.look(5_000);
    expect(rig.attempts).toBe(0);
    await rig.look();
    expect(rig.attempts).toBe(1);
  });

  test('that fails is counted, logged with its reason, and retried after ten minutes', async () => {
    const rig = new Rig();
    rig.backUp = () => Promise.reject(new Error('no luck'));
    await rig.start();
    await rig.look(5_000);
    expect([rig.attempts, rig.job.failures, rig.job.lastSuccessMs]).toEqual([1, 1, 0]);
    const message = 'The scheduled backup failed: no luck';
    expect(logged).toEqual([['error', expect.objectContaining({ message, error: expect.any(Error) })]]);
    for (let minute = 1; minute < 10; minute += 1) await rig.look();
    expect(rig.attempts).toBe(1);
    await rig.look();
    expect([rig.attempts, rig.job.failures]).toEqual([2, 2]);
  });

  test('fails when the disk of the database becomes nearly full', async () => {
    const rig = new Rig();
    rig.backUp = (_, signal) => aborted(signal);
    await rig.start();
    rig.clock.advance(5_000);
    await expect.poll(() => rig.attempts, SOON).toBe(1);
    rig.clock.advance(1_000);
    rig.admission.setStorageLow(true);
    expect(rig.job.failures).toBe(0);
    rig.clock.advance(1_000);
    await expect.poll(() => rig.job.isChecking, SOON).toBe(false);
    const message = 'The scheduled backup failed: the disk that holds the database is nearly full';
    expect(logged).toEqual([['error', expect.objectContaining({ message })]]);
    expect([rig.job.failures, rig.clock.pendingTimers]).toEqual([1, 1]);
  });

  test('does not begin while the disk of the database is nearly full', async () => {
    const rig = new Rig();
    rig.backUp = (target, signal) => (signal.aborted ? aborted(signal) : write(target, signal));
    rig.admission.setStorageLow(true);
    await rig.start();
    await rig.look(5_000);
    expect([rig.job.failures, readdirSync(rig.folder)]).toEqual([1, []]);
  });

  test('leaves no timer behind except that of the next check', async () => {
    const rig = new Rig();
    await rig.start();
    await rig.look(5_000);
    expect(rig.clock.pendingTimers).toBe(1);
  });
});

describe('a stop', () => {
  test('ends the running backup, which is not a failure, and no further check happens', async () => {
    const rig = new Rig();
    rig.backUp = (_, signal) => aborted(signal);
    await rig.start();
    rig.clock.advance(5_000);
    await expect.poll(() => rig.attempts, SOON).toBe(1);
    rig.job.onModuleDestroy();
    await expect.poll(() => rig.job.isChecking, SOON).toBe(false);
    expect([rig.job.failures, rig.clock.pendingTimers, logged]).toEqual([0, 0, []]);
  });

  test('before the first check cancels it', async () => {
    const rig = new Rig();
    await rig.start();
    rig.job.onModuleDestroy();
    expect(rig.clock.pendingTimers).toBe(0);
  });
});

describe('old backups', () => {
  test('are removed and logged, and nothing is logged if there are none', async () => {
    const rig = new Rig({ BACKUP_KEEP: 1 });
    await rig.start();
    await rig.look(5_000);
    const [first] = readdirSync(rig.folder);
    expect(logged).toHaveLength(1);
    for (let waitedMs = 0; waitedMs < 2 * HOUR_MS; waitedMs += MINUTE_MS) await rig.look();
    expect(rig.attempts).toBe(2);
    expect(logged.slice(2)).toEqual([['log', { message: 'Old backups were removed', removed: [first] }]]);
    expect(readdirSync(rig.folder)).toHaveLength(1);
  });

  test('that cannot be removed do not make the new one a failure', async () => {
    const rig = new Rig();
    rig.backUp = () => Promise.resolve(rmSync(rig.folder, { recursive: true }));
    await rig.start();
    await rig.look(5_000);
    expect(rig.job.failures).toBe(0);
    expect(logged.slice(1)).toEqual([
      ['warn', { message: 'Old backups could not be removed', error: expect.any(Error) }],
    ]);
  });
});
