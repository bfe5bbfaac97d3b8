import { Admission } from './admission.js';
import { BatchWriter } from './commit/batch-writer.js';
import { GroupCommit } from './commit/group-commit.js';
import { Decider } from './decide/decider.js';
import { Sweeper } from './decide/sweeper.js';
import type { BegunTerm } from './load/begin-term.js';
import { Observers } from './observers.js';
import { unavailable } from './unavailable.js';
import { QueuedAcquires } from './wait/queued-acquires.js';
import { UndeliveredGrants } from './wait/undelivered-grants.js';
import { WaitingClients } from './wait/waiting-clients.js';

/** The parts of a store. */
export interface StoreParts extends BegunTerm {
  readonly admission: Admission;
  readonly commits: GroupCommit;
  readonly decider: Decider;
  readonly observers: Observers;
  readonly queued: QueuedAcquires;
  readonly sweeper: Sweeper;
  readonly waiting: WaitingClients;
}

/** Creates the parts of a store for a term that has begun. */
export function assembleStore(term: BegunTerm): StoreParts {
  const { clock, options } = term;
  const { tracing } = options;
  const observers = new Observers();
  const waiting = new WaitingClients(clock);
  const writer = new BatchWriter(term);
  const commits = new GroupCommit(clock, {
    tenure: () => term.journal.tenure,
    confirmedReads: options.confirmedReads,
    commit:
      tracing === undefined
        ? (rows) => writer.write(rows)
        : (rows) => tracing.commit(() => writer.write(rows)),
    onCommitted: ({ rows: { events }, callers, durationMs }) =>
      observers.committed({ events, callers, durationMs }),
    onFailure: stop,
  });
  const admission = new Admission(options.maxPendingCommands, commits);
  const shared = {
    ...term,
    admission,
    commits,
    observers,
    waiting,
    undelivered: new UndeliveredGrants(),
    stop,
  };
  const decider = new Decider({ ...shared, onUnfinished });
  const queued = new QueuedAcquires({ ...shared, decider });
  const sweeper = new Sweeper({ ...shared, decider });
  return { ...term, admission, commits, decider, observers, queued, sweeper, waiting };

  /** Continues in a step of its own, after the requests that are already here have had their turn. */
  function onUnfinished(): void {
    // A failed commit is reported elsewhere.
    clock.afterBacklog(() => void sweeper.sweep().catch(() => undefined));
  }

  /** Stops the store for good. Nothing is acknowledged after this. The process must exit, and load its state from disk again. */
  function stop(error: unknown): void {
    if (!admission.stop()) return;
    waiting.failAll(unavailable(error));
    observers.failed(error);
  }
}
