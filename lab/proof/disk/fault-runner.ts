import { copyFileSync, existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { OctoStoreError } from '../../../src/errors/octostore-error.js';
import type { LockStore } from '../../../src/store/lock-store.js';
import { inspect, withDatabaseFile } from '../../../src/journal/sqlite/database-file.js';
import { Random } from '../../kit/random.js';
import { RequestRecorder, StoreClient } from './clients.js';
import { tuneJournals } from './connection-tuning.js';
import { CASE_TIMEOUT_MS, type FaultCase, type FaultReport, type FaultTask } from './fault-case.js';
import { IDS_PER_CLIENT } from './load.js';
import type { Note, NoteSink } from './notes.js';
import { Promises } from './promises.js';
import { closeStore, openStore } from './proof-store.js';
import { DATABASE_NAME, ShimControl } from './shim.js';

/*
 * A process under the shim. It runs clients on the real store while a disk operation fails. Then, with a working disk, it checks
 * that everything acknowledged is there: in the database as the store left it, and in a copy from before the store was closed,
 * which is what a killed process leaves.
 */
const CLIENTS = 4;
const REQUESTS = 12;

/** The first number of the clients of a case. Lower numbers belong to the process that was killed. */
const NEW_CLIENTS = 100;

/** A small write-ahead log, so that the few requests of a case include checkpoints. */
tuneJournals('pragma wal_autocheckpoint = 30');

const control = new ShimControl(process.env['DISK_SHIM_CONTROL'] ?? '', 'existing');
process.once('message', (task: FaultTask) => void runAll(task));

async function runAll({ cases, folder, seed }: FaultTask): Promise<void> {
  const killed = await createKilledDatabase(folder, seed);
  for (const faultCase of cases) process.send?.(await runCase(faultCase, killed, folder, seed));
  process.disconnect();
}

/** What happened to the clients of a case. */
interface ClientRun {
  readonly rejections: readonly unknown[];
  /** The errors that the store reported to its observers. */
  readonly failures: readonly unknown[];
  readonly refusal: unknown;
}

/** The database of a killed process, and what its clients recorded. */
interface KilledDatabase {
  readonly path: string;
  readonly notes: readonly Note[];
}

async function createKilledDatabase(folder: string, seed: number): Promise<KilledDatabase> {
  const home = await mkdtemp(join(folder, 'killed-'));
  const [path, original] = [join(home, 'killed.db'), join(home, 'original.db')];
  const notes: Note[] = [];
  const store = await openStore(original);
  notes.push({ kind: 'opened', epoch: store.epoch });
  await useStore(store, (note) => notes.push(note), seed, 0);
  copyDatabase(original, path);
  await closeStore(store);
  return { path, notes };
}

async function runCase(
  faultCase: FaultCase,
  killed: KilledDatabase,
  folder: string,
  seed: number,
): Promise<FaultReport> {
  const home = await mkdtemp(join(folder, 'case-'));
  const path = join(home, DATABASE_NAME);
  // The shim does not watch this name, so the copying does not fail.
  const copy = join(home, 'killed.db');
  const promises = new Promises();
  control.reset();
  if (faultCase.start === 'killed') {
    copyDatabase(killed.path, path);
    for (const note of killed.notes) promises.add(note);
    control.reset();
  }
  if (faultCase.failAt > 0) control.arm(faultCase.failAt, faultCase.fault);
  const clientRun = await inTime('the clients', runClients(path, copy, promises, seed));
  const injected = control.read();
  control.reset();
  const problems = [
    ...problemsWith(clientRun, injected.injected > 0),
    ...(await inTime('the next start', problemsAfterwards(path, promises))),
    ...(await inTime('the start of the copy', problemsAfterwards(copy, promises))),
  ];
  await rm(home, { recursive: true });
  return {
    faultCase,
    injected,
    problems,
    outcome: outcomeOf(clientRun),
    acknowledged: promises.acknowledged,
    rejected: clientRun.rejections.length,
    refusal: clientRun.refusal === null ? null : reasonOf(clientRun.refusal),
  };
}

function outcomeOf({ refusal, failures }: ClientRun): FaultReport['outcome'] {
  if (refusal !== null) return 'refused';
  return failures.length > 0 ? 'stopped' : 'unharmed';
}

async function runClients(path: string, copy: string, promises: Promises, seed: number): Promise<ClientRun> {
  let store: LockStore;
  try {
    store = await openStore(path);
  } catch (error) {
    copyDatabase(path, copy);
    return { rejections: [], failures: [], refusal: error };
  }
  const failures: unknown[] = [];
  store.observe({
    committed: ({ events }) => {
      const last = events.at(-1);
      if (last !== undefined) promises.add({ kind: 'committed', sequence: last.sequence });
    },
    failed: (error) => failures.push(error),
  });
  promises.add({ kind: 'opened', epoch: store.epoch });
  const rejections = await useStore(store, (note) => promises.add(note), seed, NEW_CLIENTS);
  copyDatabase(path, copy);
  await closeStore(store);
  return { rejections, failures, refusal: null };
}

/** Returns the errors that requests were rejected with. After a rejection, a client tries once more. */
async function useStore(
  store: LockStore,
  sink: NoteSink,
  seed: number,
  firstClient: number,
): Promise<unknown[]> {
  const recorder = new RequestRecorder(sink, firstClient * IDS_PER_CLIENT);
  const random = new Random(seed);
  const rejections: unknown[] = [];
  const reject = (error: unknown): void => void rejections.push(error);
  const work = async (index: number): Promise<void> => {
    const neighbour = firstClient + ((index + 1) % CLIENTS);
    const client = new StoreClient(store, recorder, random, firstClient + index, neighbour);
    try {
      await client.work(REQUESTS);
    } catch (error) {
      reject(error);
      await client.oneRequest().then(() => reject(new Error('a stopped store answered a request')), reject);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, (_, index) => work(index)));
  return rejections;
}

function copyDatabase(from: string, to: string): void {
  for (const suffix of ['', '-wal', '-journal']) {
    if (existsSync(`${from}${suffix}`)) copyFileSync(`${from}${suffix}`, `${to}${suffix}`);
  }
}

function problemsWith({ rejections, failures, refusal }: ClientRun, isInjected: boolean): string[] {
  const problems: string[] = [];
  const hasFailed = failures.length > 0;
  if (failures.length > 1) problems.push('the store failed more than once');
  if (hasFailed !== rejections.length > 0)
    problems.push('the store failed for observers only, or for callers only');
  if ((hasFailed || refusal !== null) && !isInjected)
    problems.push(`the store failed on a working disk: ${String(refusal)}`);
  for (const error of rejections) {
    const isClear = error instanceof OctoStoreError && error.code === 'store_unavailable';
    if (!isClear) problems.push(`a caller got the wrong error: ${String(error)}`);
  }
  if (refusal !== null && !/SQLITE_(IOERR|FULL|CANTOPEN)|EIO|ENOSPC/.test(reasonOf(refusal))) {
    problems.push(`the reason for a failed start is unclear: ${reasonOf(refusal)}`);
  }
  return problems;
}

/** An error's message, with its causes. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause === undefined ? String(error) : `${String(error)} (${reasonOf(cause)})`;
}

async function problemsAfterwards(path: string, promises: Promises): Promise<string[]> {
  try {
    const store = await openStore(path);
    try {
      const problems = await promises.problemsOf(store);
      await withDatabaseFile(path, (database) => inspect(database, path));
      return problems;
    } finally {
      await closeStore(store);
    }
  } catch (error) {
    return [`the next start failed: ${String(error)}`];
  }
}

/** Exits if a step hangs, and says which one. The parent would only kill the process. */
async function inTime<T>(step: string, result: Promise<T>): Promise<T> {
  const timer = setTimeout(() => {
    console.error(`${step} did not finish in time`);
    process.exit(1);
  }, CASE_TIMEOUT_MS);
  return result.finally(() => clearTimeout(timer));
}
