import type { Patch } from '../../kit/server/test-build.js';
import { REPLICA_FAULTS } from './replica-faults.js';
import type { Fault } from './fault.js';

/** A bug that shows only with several replicas. */
export interface ReplicaBug {
  readonly name: string;
  /** What makes it show. */
  readonly kinds: readonly Fault[];
  readonly patches: readonly Patch[];
}

/** Every bug that the proof must notice. */
export const REPLICA_BUGS: readonly ReplicaBug[] = [
  {
    name: 'a standby repeats requests that may have been carried out',
    kinds: named('leader killed and started at once'),
    patches: [
      {
        file: 'replica/forward/request-kind.js',
        find: 'return isRead(request) || isAt(',
        replace: 'return true || isRead(request) || isAt(',
      },
    ],
  },
];

function named(name: string): readonly Fault[] {
  return REPLICA_FAULTS.filter((fault) => fault.name === name);
}
