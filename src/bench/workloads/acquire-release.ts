import type { Workload } from '../load/script.js';
import { Alternation } from './alternation.js';
import { LockRequests } from './lock-requests.js';

export const acquireRelease: Workload = {
  name: 'acquire-release',
  about: 'each client acquires and releases its own lock; every reply is a durable write',
  begin:
    ({ target, run }) =>
    (client) => {
      const { acquire, release } = new LockRequests(target, `bench/${run}/${client}`);
      return new Alternation(acquire, release);
    },
};
