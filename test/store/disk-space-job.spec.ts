import { Logger, type LoggerService } from '@nestjs/common';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Config } from '../../src/config/config.js';
import type { Journal } from '../../src/journal/journal.js';
import { DiskSpaceJob } from '../../src/store/jobs/disk-space.job.js';
import { JobRunner } from '../../src/store/jobs/job-runner.js';
import type { LockStore } from '../../src/store/lock-store.js';
import { Admission } from '../../src/store/admission.js';

const MIN_FREE_MB = 3;
const MIN_FREE_BYTES = MIN_FREE_MB * 1024 * 1024;

const logged: [string, unknown][] = [];
const recorder: LoggerService = {
  log: (message: unknown) => logged.push(['log', message]),
  warn: (message: unknown) => logged.push(['warn', message]),
  error: (message: unknown) => logged.push(['error', message]),
};

/** The job on a disk with as much room as a test says. */
class Rig {
  freeBytes = MIN_FREE_BYTES;
  look = (): Promise<number> => Promise.resolve(this.freeBytes);
  readonly admission = new Admission(1, { pending: 0, isStalled: false });
  readonly job: DiskSpaceJob;

  constructor(hasFile = true) {
    const file = hasFile ? { freeBytes: () => this.look() } : null;
    const store = { admission: this.admission } as unknown as LockStore;
    const config = { MIN_FREE_DISK_MB: MIN_FREE_MB } as Config;
    this.job = new DiskSpaceJob(new JobRunner(), store, { file } as unknown as Journal, config);
  }
}

beforeEach(() => {
  logged.length = 0;
  Logger.overrideLogger(recorder);
});

describe('the disk space job', () => {
  test('checks at the start, and logs how much room there is', async () => {
    const rig = new Rig();
    expect(rig.job.freeBytes).toBe(0);
    await rig.job.onModuleInit();
    expect(rig.job.freeBytes).toBe(MIN_FREE_BYTES);
    expect([rig.admission.isStorageLow, logged]).toEqual([false, []]);
  });

  test('stops grants as soon as there is less room than configured, and logs it once', async () => {
    const rig = new Rig();
    rig.freeBytes = MIN_FREE_BYTES - 1;
    await rig.job.check();
    await rig.job.check();
    expect(rig.admission.isStorageLow).toBe(true);
    expect(logged).toEqual([
      ['error', 'The disk is nearly full. New grants are refused until you free some space'],
    ]);
  });

  test('allows grants again when there is room, and logs it once', async () => {
    const rig = new Rig();
    rig.freeBytes = 0;
    await rig.job.check();
    logged.length = 0;
    rig.freeBytes = MIN_FREE_BYTES;
    await rig.job.check();
    await rig.job.check();
    expect(rig.admission.isStorageLow).toBe(false);
    expect(logged).toEqual([['log', 'The disk has enough space again. New grants are accepted']]);
  });

  test('changes nothing if the check fails, and logs it', async () => {
    const rig = new Rig();
    rig.look = () => Promise.reject(new Error('gone'));
    await rig.job.check();
    expect([rig.admission.isStorageLow, rig.job.freeBytes]).toEqual([false, 0]);
    expect(logged).toEqual([['error', expect.objectContaining({ message: 'The job "disk-space" failed' })]]);
  });

  test('checks nothing without a file', async () => {
    const rig = new Rig(false);
    await rig.job.onModuleInit();
    expect([rig.job.freeBytes, rig.admission.isStorageLow, logged]).toEqual([0, false, []]);
  });
});
