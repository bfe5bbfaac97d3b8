import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from 'pg';
import { serverAccount } from './account.js';

/** What a copy must not have. The standby gets the log from its primary. */
const NOT_COPIED = [
  './postmaster.pid',
  './postmaster.opts',
  ...['pg_wal', 'pg_replslot', 'pg_dynshmem', 'pg_notify', 'pg_serial', 'pg_snapshots', 'pg_subtrans'].map(
    (folder) => `./${folder}/*`,
  ),
];

/** The first version that has the new names of these functions. */
const RENAMED = 150_000;

/** Files that change or vanish while tar reads them make it end with 1. The log repairs them. */
const CHANGED_MEANWHILE = 1;

/**
 * Copies the data of a running cluster, as `pg_basebackup` does, which some packages lack. Resolves with the text for the file
 * `backup_label` of the copy.
 *
 * @param client connected to the cluster as its superuser.
 */
export async function copyData(client: Client, from: string, to: string): Promise<string> {
  const version = await client.query<{ number: number }>(
    `select current_setting('server_version_num')::int as number`,
  );
  const isRenamed = (version.rows[0]?.number ?? 0) >= RENAMED;
  await client.query(
    isRenamed ? `select pg_backup_start('copy', true)` : `select pg_start_backup('copy', true, false)`,
  );
  await copyFolder(from, to);
  const stop = isRenamed ? 'pg_backup_stop(false)' : 'pg_stop_backup(false, false)';
  const { rows } = await client.query<{ label: string }>(`select labelfile as label from ${stop}`);
  return rows[0]?.label ?? '';
}

async function copyFolder(from: string, to: string): Promise<void> {
  const archive = join(to, '..', 'copy.tar');
  const excluded = NOT_COPIED.map((pattern) => `--exclude=${pattern}`);
  await tar([0, CHANGED_MEANWHILE], '-C', from, ...excluded, '-cf', archive, '.');
  mkdirSync(to);
  const account = serverAccount();
  if (account !== null) chownSync(to, account.uid, account.gid);
  await tar([0], '-C', to, '-xpf', archive);
  rmSync(archive);
}

async function tar(accepted: readonly number[], ...args: readonly string[]): Promise<void> {
  const child = spawn('tar', args, { ...serverAccount(), cwd: '/', stdio: 'ignore' });
  const [status] = (await once(child, 'exit')) as [number | null];
  if (status === null || !accepted.includes(status))
    throw new Error(`tar ${args.join(' ')} failed: ${status}`);
}
