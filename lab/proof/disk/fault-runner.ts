import { copyFileSync, existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { OctoStoreError } from '../../../src/errors/octostore-error.js';
import type { LockStore } from '../../../src/store/lock-store.js';
import { inspect, withDatabaseFile } from '../../../src/journal/sqlite/database-file.js';
import { Random } from '../../kit/random.js';
import { NoteBook, StoreClient } from './clients.js';
import { tuneJournals } from './connection-tuning.js';
import { CASE_TAKES_AT_MOST_MS, type FaultCase, type FaultReport, type FaultTask } from './fault-case.js';
import { IDS_PER_CLIENT } from './load.js';
import type { Note, NoteSink } from './notes.js';
import { Promises } from './promises.js';
import { openStore } from './proof-store.js';
import { DATABASE_NAME, ShimControl } from './shim.js';

/*
 * A process on top of the shim. It runs clients on the real store while an operation of its disk fails, then lets the disk be
 * sound again and looks whether what the clients were told is there: in the file as the failed process left it, and in a
 * copy of how it was before the store was closed, which is what a process that is killed leaves.
 */
const CLIENTS = 4;
const REQUESTS = 12;

/** Where the numbers of those clients begin that did not meet the process before. */
const NEW_CLIENTS = 100;

/** A small log, so that the few requests of a case meet checkpoints too. */
tuneJournals('pragma wal_autocheckpoint = 30');

const control = new ShimControl(process.env['DISK_SHIM_CONTROL'] ?? '', 'existing');
process.once('message', (task: FaultTask) => void runAll(task));

async function runAll({ cases, folder, seed }: FaultTask): Promise<void> {
  const left = await leave(folder, seed);
  for (const faultCase of cases) process.send?.(await runCase(faultCase, left, folder, seed));
  process.disconnect();
}

/** What clients met. */
interface Meeting {
  readonly rejections: readonly unknown[];
  /** What the store told its observers when it failed. */
  readonly failures: readonly unknown[];
  readonly refusal: unknown;
}

/** What a process left that was killed, and what its clients had been told. */
interface Left {
  readonly path: string;
  readonly notes: readonly Note[];
}

async function leave(folder: string, seed: number): Promise<Left> {
  const place = await mkdtemp(join(folder, 'left-'));
  const [path, original] = [join(place, 'killed.db'), join(place, 'original.db')];
  const notes: Note[] = [];
  const store = await openStore(original);
  notes.push({ kind: 'opened', epoch: store.epoch });
  await useStore(store, (note) => notes.push(note), seed, 0);
  copyDatabase(original, path);
  await store.close();
  return { path, notes };
}

async function runCase(faultCase: FaultCase, left: Left, folder: string, seed: number): Promise<FaultReport> {
  const place = await mkdtemp(join(folder, 'case-'));
  const path = join(place, DATABASE_NAME);
  // Under a name that the shim does not watch, so that copying does not fail too.
  const killed = join(place, 'killed.db');
  const promises = new Promises();
  control.reset();
  if (faultCase.start === 'again') {
    copyDatabase(left.path, path);
    for (const note of left.notes) promises.add(note);
    control.reset();
  }
  if (faultCase.failAt > 0) control.arm(faultCase.failAt, faultCase.fault);
  const meeting = await inTime('the clients', meet(path, killed, promises, seed));
  const injected = control.read();
  control.reset();
  const problems = [
    ...problemsWith(meeting, injected.injected > 0),
    ...(await inTime('the next start', problemsAfterwards(path, promises))),
    ...(await inTime('the start of the copy', problemsAfterwards(killed, promises))),
  ];
  await rm(place, { recursive: true });
  return {
    faultCase,
    injected,
    problems,
    outcome: outcomeOf(meeting),
    acknowledged: promises.acknowledged,
    rejected: meeting.rejections.length,
    refusal: meeting.refusal === null ? null : reasonOf(meeting.refusal),
  };
}

function outcomeOf({ refusal, failures }: Meeting): FaultReport['outcome'] {
  if (refusal !== null) return 'refused';
  return failures.length > 0 ? 'stopped' : 'unharmed';
}

async function meet(path: string, killed: string, promises: Promises, seed: number): Promise<Meeting> {
  let store: LockStore;
  try {
    store = await openStore(path);
  } catch (error) {
    copyDatabase(path, killed);
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
  copyDatabase(path, killed);
  await store.close();
  return { rejections, failures, refusal: null };
}

/** Returns what the clients' requests were rejected with. A client whose request was rejected tries once more. */
async function useStore(
  store: LockStore,
  sink: NoteSink,
  seed: number,
  firstClient: number,
): Promise<unknown[]> {
  const notes = new NoteBook(sink, firstClient * IDS_PER_CLIENT);
  const random = new Random(seed);
  const rejections: unknown[] = [];
  const reject = (error: unknown): void => void rejections.push(error);
  const work = async (index: number): Promise<void> => {
    const neighbour = firstClient + ((index + 1) % CLIENTS);
    const client = new StoreClient(store, notes, random, firstClient + index, neighbour);
    try {
      await client.work(REQUESTS);
    } catch (error) {
      reject(error);
      await client.oneRequest().then(() => reject(new Error('a stopped store answered')), reject);
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

function problemsWith({ rejections, failures, refusal }: Meeting, isInjected: boolean): string[] {
  const problems: string[] = [];
  const hasFailed = failures.length > 0;
  if (failures.length > 1) problems.push('the store failed more than once');
  if (hasFailed !== rejections.length > 0) problems.push('observers and callers were told different things');
  if ((hasFailed || refusal !== null) && !isInjected)
    problems.push(`failed on a sound disk: ${String(refusal)}`);
  for (const error of rejections) {
    const isClear = error instanceof OctoStoreError && error.code === 'store_unavailable';
    if (!isClear) problems.push(`a caller was told ${String(error)}`);
  }
  if (refusal !== null && !/SQLITE_(IOERR|FULL|CANTOPEN)|EIO|ENOSPC/.test(reasonOf(refusal))) {
    problems.push(`an unclear refusal to start: ${reasonOf(refusal)}`);
  }
  return problems;
}

/** An error with what caused it. */
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
      await store.close();
    }
  } catch (error) {
    return [`the next start failed: ${String(error)}`];
  }
}

/** A process that hangs is ended by its parent; this says in what it hangs. */
async function inTime<T>(what: string, result: Promise<T>): Promise<T> {
  const timer = setTimeout(() => {
    console.error(`${what} did not come to an end`);
    process.exit(1);
  }, CASE_TAKES_AT_MOST_MS);
  return result.finally(() => clearTimeout(timer));
}
