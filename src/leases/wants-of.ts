import type { AcquireRequest } from '../core/model/command.js';
import type { Want } from '../core/model/demand.js';
import type { LockName } from '../core/model/lock-name.js';
import { OctoStoreError } from '../errors/octostore-error.js';
import { demandOf } from '../locks/acquire/demand-of.js';
import type { WantedLock } from './dto/acquire-lease.dto.js';

/** What a request wants of each of its locks. Throws `validation_failed` if a lock is listed twice, or its fields contradict each other. */
export function wantsOf(locks: readonly WantedLock[]): AcquireRequest['wants'] {
  const [first, ...others] = locks.map(wantOf);
  if (first === undefined) throw invalid('locks must have at least one lock.');
  const repeated = locks.find(({ name }, index) => locks.findIndex((lock) => lock.name === name) < index);
  if (repeated !== undefined) throw invalid(`locks has "${repeated.name}" twice. List each lock once.`);
  return [first, ...others];
}

/** The name was validated with the body. */
function wantOf(lock: WantedLock, index: number): Want {
  return { lockName: lock.name as LockName, demand: demandOf(lock, `locks[${index}]: `) };
}

function invalid(details: string): OctoStoreError {
  return new OctoStoreError('validation_failed', { details });
}
