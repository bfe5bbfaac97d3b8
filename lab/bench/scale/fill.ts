import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { NO_COOLING } from '../../../src/core/model/cooling.js';
import { EXCLUSIVE } from '../../../src/core/model/demand.js';
import type { LeaseId, UserId } from '../../../src/core/model/ids.js';
import type { LockName } from '../../../src/core/model/lock-name.js';
import type { LockStore } from '../../../src/store/lock-store.js';
import { openStore } from '../store/open-store.js';
import type { FillResult, FillTask } from './fill-task.js';

/** A separate process that acquires very many locks for one user, through the real store. */

const AT_ONCE = 2_000;
const TTL_SECONDS = 3600;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const task = JSON.parse(process.argv[2] ?? '') as FillTask;
const store = await openStore(task.databasePath);
const before = heapInUse();
await hold(store, task);
const result: FillResult = { heapBytesPerLock: (heapInUse() - before) / task.locks };
await store.close();
await store.journal.close();
process.send?.(result);
process.disconnect();

async function hold(store: LockStore, { locks, userId }: FillTask): Promise<void> {
  for (let from = 0; from < locks; from += AT_ONCE) {
    const size = Math.min(AT_ONCE, locks - from);
    await Promise.all(Array.from({ length: size }, (_, index) => acquire(store, from + index, userId)));
  }
}

async function acquire(store: LockStore, index: number, userId: string): Promise<void> {
  const answer = await store.acquire(
    {
      wants: [{ lockName: `held/${String(index).padStart(7, '0')}` as LockName, demand: EXCLUSIVE }],
      holder: { userId: userId as UserId, sessionId: null },
      leaseId: crypto.randomUUID() as LeaseId,
      leaseIdChosen: true,
      ttlSeconds: TTL_SECONDS,
      metadata: null,
      cooling: NO_COOLING,
    },
    0,
  );
  if (answer.kind !== 'acquired') throw new Error(`the store refused a lock: ${answer.kind}`);
}

function heapInUse(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}
