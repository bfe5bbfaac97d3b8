import { Logger, type LoggerService } from '@nestjs/common';
import { beforeEach, describe, expect, test } from 'vitest';
import { JobRunner } from '../../src/store/jobs/job-runner.js';
import { settleDown, watch } from '../support/store.js';

const logged: unknown[] = [];
const recorder: LoggerService = {
  log: () => undefined,
  warn: () => undefined,
  error: (message: unknown) => logged.push(message),
};

/** A job that runs until it is stopped. */
class SlowJob {
  runs = 0;
  finish: () => void = () => undefined;

  readonly run = (): Promise<void> => {
    this.runs += 1;
    return new Promise((resolve) => {
      this.finish = resolve;
    });
  };
}

beforeEach(() => {
  logged.length = 0;
  Logger.overrideLogger(recorder);
});

describe('the job runner', () => {
  test('does not start a job again while it runs, and starts it again after that', async () => {
    const runner = new JobRunner();
    const job = new SlowJob();
    const runs = [1, 2, 3].map(() => runner.run('slow', job.run));
    expect(job.runs).toBe(1);
    job.finish();
    await Promise.all(runs);
    const again = runner.run('slow', job.run);
    expect(job.runs).toBe(2);
    job.finish();
    await again;
  });

  test('runs jobs of different names in parallel', async () => {
    const runner = new JobRunner();
    const [one, two] = [new SlowJob(), new SlowJob()];
    const runs = [runner.run('one', one.run), runner.run('two', two.run)];
    expect([one.runs, two.runs]).toEqual([1, 1]);
    one.finish();
    two.finish();
    await Promise.all(runs);
  });

  test.each([
    ['rejects', () => Promise.reject(new Error('boom'))],
    [
      'throws at once',
      () => {
        throw new Error('boom');
      },
    ],
  ])('survives a job that %s, logs it, and runs it again next time', async (_, job) => {
    const runner = new JobRunner();
    await expect(runner.run('bad', job)).resolves.toBeUndefined();
    await expect(runner.run('bad', job)).resolves.toBeUndefined();
    expect(logged).toEqual(
      Array.from({ length: 2 }, () => ({ message: 'The job "bad" failed', error: new Error('boom') })),
    );
  });

  test('waits at a stop for running jobs and starts nothing more', async () => {
    const runner = new JobRunner();
    const job = new SlowJob();
    void runner.run('slow', job.run);
    const stop = watch(runner.beforeApplicationShutdown());
    await settleDown();
    expect(stop.status).toBe('pending');
    const other = new SlowJob();
    await runner.run('other', other.run);
    expect(other.runs).toBe(0);
    job.finish();
    await settleDown();
    expect(stop.status).toBe('resolved');
    await runner.run('slow', job.run);
    expect(job.runs).toBe(1);
  });
});
