import type { Client } from 'pg';
import { vi } from 'vitest';
import { SUPERUSER, type Cluster } from '../../../lab/kit/postgres/cluster.js';

const PATIENT = { timeout: 20_000, interval: 20 };

/** From now on every commit waits for a standby that does not exist. */
export async function missStandby(cluster: Cluster): Promise<void> {
  await cluster.query('create table if not exists probe ()');
  await cluster.set('synchronous_standby_names', 'away');
  const probe = await cluster.connect({ user: SUPERUSER }, 'postgres');
  try {
    // The setting takes effect a little later.
    while (!(await isHeldUp(cluster, probe)));
  } finally {
    await probe.end();
  }
}

/** No commit waits for a standby any longer. */
export function needNoStandby(cluster: Cluster): Promise<void> {
  return cluster.set('synchronous_standby_names', '');
}

/** Whether a commit waits for the standby. It is then cancelled. */
async function isHeldUp(cluster: Cluster, probe: Client): Promise<boolean> {
  const { rows } = await probe.query<{ pid: number }>('select pg_backend_pid() as pid');
  const waiting = `from pg_stat_activity where pid = ${rows[0]?.pid} and wait_event = 'SyncRep'`;
  let isDone = false;
  const commit = probe.query('insert into probe default values').then(() => (isDone = true));
  const isWaiting = async (): Promise<boolean> => (await cluster.query(`select 1 ${waiting}`)).length > 0;
  const isHeld = await vi.waitUntil(async () => (isDone ? 'no' : (await isWaiting()) && 'yes'), PATIENT);
  await cluster.query(`select pg_cancel_backend(pid) ${waiting}`);
  await commit;
  return isHeld === 'yes';
}
