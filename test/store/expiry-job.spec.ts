import { Logger, type LoggerService } from '@nestjs/common';
import { beforeEach, describe, expect, test } from 'vitest';
import { ExpiryJob } from '../../src/store/jobs/expiry.job.js';
import { JobRunner } from '../../src/store/jobs/job-runner.js';
import { StoreRig } from '../support/store.js';

const logged: [string, unknown][] = [];
const recorder: LoggerService = {
  log: (message: unknown) => logged.push(['log', message]),
  warn: (message: unknown) => logged.push(['warn', message]),
  error: (message: unknown) => logged.push(['error', message]),
};

async function jobRig(): Promise<{ rig: StoreRig; job: ExpiryJob }> {
  const rig = await StoreRig.open();
  return { rig, job: new ExpiryJob(new JobRunner(), rig.store) };
}

beforeEach(() => {
  logged.length = 0;
  Logger.overrideLogger(recorder);
});

describe('the expiry job', () => {
  test('ends overdue leases', async () => {
    const { rig, job } = await jobRig();
    await rig.grant('a', { ttl: 1 });
    rig.clock.advance(1_001);
    await job.sweep();
    expect(rig.store.counts.leaseCount).toBe(0);
  });

  test('follows a wall clock that is set, and logs it once', async () => {
    const { rig, job } = await jobRig();
    await job.followWallClock();
    expect(logged).toEqual([]);
    rig.clock.jumpWall(5_000);
    await job.followWallClock();
    await job.followWallClock();
    expect(logged).toEqual([
      ['warn', { message: 'The wall clock was set. No lease is affected', jumpMs: 5_000 }],
    ]);
    expect(rig.store.toWallMs(rig.store.now())).toBe(rig.clock.wallMs());
  });

  test('does not touch a store that has failed', async () => {
    const { rig, job } = await jobRig();
    await rig.grant('a', { ttl: 1 });
    rig.clock.advance(1_001);
    rig.clock.jumpWall(5_000);
    rig.store.admission.stop();
    await job.sweep();
    await job.followWallClock();
    expect(logged).toEqual([]);
    expect(rig.store.counts.leaseCount).toBe(1);
  });

  test.each([
    ['expiry', (job: ExpiryJob) => job.sweep()],
    ['wall-clock', (job: ExpiryJob) => job.followWallClock()],
  ])('logs which of its tasks has failed: %s', async (name, run) => {
    const { rig, job } = await jobRig();
    await rig.grant('a', { ttl: 1 });
    rig.clock.advance(1_001);
    rig.clock.jumpWall(5_000);
    rig.journal.failFromNowOn();
    await run(job);
    expect(logged).toEqual([['error', expect.objectContaining({ message: `The job "${name}" failed` })]]);
  });

  test('starts neither of its tasks again while it runs', async () => {
    const { rig, job } = await jobRig();
    await rig.grant('a', { ttl: 1 });
    rig.clock.advance(1_001);
    rig.clock.jumpWall(5_000);
    rig.journal.hold();
    const commits = rig.journal.batches.length;
    const runs = [job.sweep(), job.sweep(), job.followWallClock(), job.followWallClock()];
    await rig.journal.isHolding();
    rig.journal.letGo();
    await Promise.all(runs);
    expect(rig.journal.batches).toHaveLength(commits + 1);
  });
});
