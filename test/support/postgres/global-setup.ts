import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { Cluster } from '../../../lab/kit/postgres/cluster.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A folder in which the first spec that needs PostgreSQL notes where it has started it. */
    postgresRun: string;
  }
}

/** Stops the cluster that the specs of this run share, if one of them has started it. */
export default function setup(project: TestProject): () => void {
  const run = mkdtempSync(join(tmpdir(), 'octostore-pg-run-'));
  project.provide('postgresRun', run);
  return () => {
    const note = join(run, 'cluster');
    const folder = existsSync(note) ? readFileSync(note, 'utf8') : '';
    if (existsSync(join(folder, 'data', 'postmaster.pid'))) Cluster.at(folder).remove();
    rmSync(run, { recursive: true, force: true });
  };
}
