import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inject } from 'vitest';
import { Cluster } from '../../../lab/kit/postgres/cluster.js';
import { makeTemplate } from './test-database.js';

/**
 * The cluster that all specs of this run share. The first spec that needs it starts it. Null if PostgreSQL is not installed.
 */
export async function sharedCluster(): Promise<Cluster | null> {
  const run = inject('postgresRun');
  const note = join(run, 'cluster');
  if (isFirst(run)) await startFor(note);
  while (!existsSync(note)) await sleep(20);
  const folder = readFileSync(note, 'utf8');
  return folder === '' ? null : Cluster.at(folder);
}

/** Only one process can create a folder. */
function isFirst(run: string): boolean {
  return mkdirSync(join(run, 'starting'), { recursive: true }) !== undefined;
}

async function startFor(note: string): Promise<void> {
  const cluster = await Cluster.create();
  if (cluster !== null) await makeTemplate(cluster);
  writeFileSync(`${note}.new`, cluster?.folder ?? '');
  renameSync(`${note}.new`, note);
}
