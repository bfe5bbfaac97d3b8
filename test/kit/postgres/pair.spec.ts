import { existsSync } from 'node:fs';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { Pair } from '../../../lab/kit/postgres/pair.js';
import { warnNotInstalled } from '../../support/postgres/not-installed.js';

/** A pair starts several times in a test, which takes seconds each time on a busy machine. */
vi.setConfig({ testTimeout: 240_000 });

const pair = await Pair.create();
if (pair === null) warnNotInstalled();

describe.skipIf(pair === null)('a primary and its synchronous standby', () => {
  if (pair === null) return;

  afterAll(() => {
    const folders = pair.clusters.map(({ folder }) => folder);
    pair.remove();
    expect(folders.filter((folder) => existsSync(folder))).toEqual([]);
  });

  const rows = async (): Promise<number> =>
    (await pair.primary.query<{ count: number }>('select count(*)::int as count from kept'))[0]?.count ?? 0;

  test('what was committed survives the loss of the primary, again and again', async () => {
    await pair.primary.query('create table kept ()');
    for (let round = 1; round <= 2; round += 1) {
      await pair.primary.query('insert into kept default values');
      const lost = pair.primary;
      lost.kill();
      await pair.promote();
      expect(pair.primary).not.toBe(lost);
      expect(await rows()).toBe(round);
      await pair.rejoin();
      expect(await pair.primary.hasSynchronousStandby()).toBe(true);
    }
  });

  test('a primary that was killed starts again', async () => {
    const before = await rows();
    pair.primary.kill();
    await pair.restartPrimary();
    expect(await rows()).toBe(before);
  });

  test('while the standby is frozen, no commit succeeds', async () => {
    let isDone = false;
    pair.standby.freeze();
    const commit = pair.primary.query('insert into kept default values').then(() => (isDone = true));
    await expect
      .poll(() => pair.primary.query("select 1 from pg_stat_activity where wait_event = 'SyncRep'"), {
        timeout: 60_000,
      })
      .toHaveLength(1);
    expect(isDone).toBe(false);
    pair.standby.thaw();
    await commit;
  });

  test('a commit whose wait for the standby is cancelled is lost with the primary', async () => {
    const before = await rows();
    pair.standby.kill();
    const commit = pair.primary.query('insert into kept default values');
    await expect
      .poll(() => pair.primary.query("select 1 from pg_stat_activity where wait_event = 'SyncRep'"))
      .toHaveLength(1);
    await pair.primary.cancelWaitsForStandby();
    await commit;
    expect(await rows()).toBe(before + 1);
    pair.primary.kill();
    await pair.standby.restart();
    await pair.promote();
    expect(await rows()).toBe(before);
    await pair.rejoin();
  });
});
