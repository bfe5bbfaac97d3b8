import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nowMs } from '../../../src/process/time.js';
import { ownServer, type ServerUnderTest } from '../../../src/bench/server/server-under-test.js';
import type { FillResult, FillTask } from './fill-task.js';

const FILL = fileURLToPath(new URL('./fill.js', import.meta.url));

/** A server whose user holds many locks. */
export interface FilledServer extends ServerUnderTest {
  readonly heapBytesPerLock: number;
  /** From the start of the process until it was ready. */
  readonly startMs: number;
  /** Processor time of the start. Unlike `startMs`, it does not depend on how busy the machine is. */
  readonly startCpuMs: number;
  readonly residentBytes: number;
}

/** Starts a server on a database in which one user already holds `locks` locks. */
export async function filledServer(locks: number): Promise<FilledServer> {
  const folder = mkdtempSync(join(tmpdir(), 'octostore-bench-'));
  const settings = { DATABASE_URL: join(folder, 'octostore.db'), EVENT_RETENTION: '100000' };
  const removeFolder = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const userId = await userOf(settings);
    const { heapBytesPerLock } = await fill({ databasePath: settings.DATABASE_URL, userId, locks });
    const startedMs = nowMs();
    const server = await ownServer(settings);
    const startMs = nowMs() - startedMs;
    const scrape = await server.scrape?.();
    const residentBytes = scrape?.value('process_resident_memory_bytes') ?? 0;
    const startCpuMs = (scrape?.value('process_cpu_seconds_total') ?? 0) * 1000;
    const stop = (): Promise<void> => server.stop().finally(removeFolder);
    return { ...server, stop, heapBytesPerLock, startMs, startCpuMs, residentBytes };
  } catch (error) {
    removeFolder();
    throw error;
  }
}

/** Creates the database and returns the id of the benchmark's user in it. */
async function userOf(settings: Readonly<Record<string, string>>): Promise<string> {
  const server = await ownServer(settings);
  const { host, port, token } = server.target;
  try {
    const response = await fetch(`http://${host}:${port}/locks/whoami/acquire`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify({ ttl_seconds: 1 }),
    });
    return ((await response.json()) as { holder_id: string }).holder_id;
  } finally {
    await server.stop();
  }
}

async function fill(task: FillTask): Promise<FillResult> {
  const child = fork(FILL, [JSON.stringify(task)]);
  const kill = (): boolean => child.kill('SIGKILL');
  process.once('exit', kill);
  let result: FillResult | null = null;
  child.on('message', (message: FillResult) => (result = message));
  await once(child, 'exit');
  process.off('exit', kill);
  if (result === null) throw new Error('the database could not be filled');
  return result;
}
