import { Logger } from '@nestjs/common';
import { expect, test } from 'vitest';
import { TenureJob } from '../../src/store/jobs/tenure.job.js';
import type { LockStore } from '../../src/store/lock-store.js';

test('the tenure job tends the store, and logs each outage of the database once', () => {
  const logged: string[] = [];
  const note = (message: unknown): number => logged.push(String(message));
  Logger.overrideLogger({ log: note, warn: note, error: note });
  const admission = { isRunning: true, isAvailable: true };
  let tended = 0;
  const job = new TenureJob({ admission, tend: () => (tended += 1) } as unknown as LockStore);
  const tick = (isAvailable: boolean, isRunning = true): void => {
    Object.assign(admission, { isAvailable, isRunning });
    job.tend();
  };
  tick(true);
  tick(false);
  tick(false);
  tick(true);
  tick(true);
  tick(false, false);
  expect(tended).toBe(6);
  expect(logged).toEqual([
    'The database does not answer. Clients are refused until it does',
    'The database answers again. Nothing was lost',
  ]);
});
