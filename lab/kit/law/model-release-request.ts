import type { RequestRelease } from '../../../src/core/model/command.js';
import type { FencingToken } from '../../../src/core/model/ids.js';
import type { Lease } from '../../../src/core/model/lease.js';
import type { OutcomeOf } from '../../../src/core/model/outcome.js';
import type { ReleaseRequest } from '../../../src/core/model/release-request.js';
import { namesOf } from './model-hand-over.js';
import { endOverdue } from './model-sessions.js';
import { instant, type ModelState } from './model-state.js';

/** Someone asks all who hold the lock now to release it. */
export function requestRelease(model: ModelState, command: RequestRelease): OutcomeOf<RequestRelease> {
  const { lockName, requestedBy, message } = command;
  endOverdue(model, lockName);
  const [first] = model.leasesOf(lockName);
  if (first === undefined) return { kind: 'lock_not_found' };
  if (model.numbersLeft < 1) return { kind: 'numbers_exhausted' };
  const through = model.lastToken as FencingToken;
  model.releaseRequests.set(lockName, { requestedBy, message, at: instant(model.now), through });
  const actor = { kind: 'user', userId: requestedBy } as const;
  model.reportOne('release_requested', first, lockName, { actor, text: message });
  return { kind: 'release_requested' };
}

/** The latest request to release one of the locks of the lease, of those made since it was granted. In the same instant, its last lock counts. */
export function releaseRequestFor(model: ModelState, lease: Lease): ReleaseRequest | null {
  const requests = namesOf(lease).flatMap((lockName) => model.releaseRequests.get(lockName) ?? []);
  const meant = requests.filter(({ through }) => lease.fencingToken <= through);
  return meant.toSorted((a, b) => a.at - b.at).at(-1) ?? null;
}
