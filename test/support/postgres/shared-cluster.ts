import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inject } from 'vitest';
import { Cluster } from '../../../lab/kit/postgres/cluster.js';
import { makeTemplate } from './test-database.js';

/** Stands in the note instead of a folder. */
const FAILED = 'failed';

/**
 * The cluster that all specs of this run share. The first spec that needs it starts it. Null if PostgreSQL is not installed.
 */
export async function sharedCluster(): Promise<Cluster | null> {
  const run = inject('postgresRun');
  const note = join(run, 'cluster');
  if (isFirst(run)) await startFor(note);
  while (!existsSync(note)) await sleep(20);
  const folder = readFileSync(note, 'utf8');
  if (folder === FAILED) throw new Error('PostgreSQL could not be started. See the first spec that failed.');
  return folder === '' ? null : Cluster.at(folder);
}

/** Only one process can create a folder. */
function isFirst(run: string): boolean {
  return mkdirSync(join(run, 'starting'), { recursive: true }) !== undefined;
}

async function startFor(note: string): Promise<void> {
  const folder = await startedFolder().catch((error: unknown) => {
    // Otherwise the other specs would wait for it in vain.
    write(note, FAILED);
    throw error;
  });
  write(note, folder);
}

/** Empty if PostgreSQL is not installed. */
async function startedFolder(): Promise<string> {
  const cluster = await Cluster.create();
  if (cluster !== null) await makeTemplate(cluster);
  return cluster?.folder ?? '';
}

function write(note: string, text: string): void {
  writeFileSync(`${note}.new`, text);
  renameSync(`${note}.new`, note);
}
