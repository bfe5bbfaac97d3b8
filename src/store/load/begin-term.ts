import { AuditChain } from '../../audit/audit-chain.js';
import type { Clock } from '../../clock/clock.js';
import type { State } from '../../core/state/state.js';
import type { Journal } from '../../journal/journal.js';
import { RowChanges } from '../../journal/row-changes.js';
import { writeChange } from '../commit/codec.js';
import { EventLog } from '../log/event-log.js';
import type { StoreOptions } from '../store-options.js';
import { Timeline } from '../timeline.js';
import { rebuild } from './rebuild.js';
import { loadDurableState } from './durable-state.js';

/** A term in which nothing has been written yet. */
export interface BegunTerm {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly options: StoreOptions;
  readonly epoch: number;
  readonly state: State;
  readonly timeline: Timeline;
  readonly log: EventLog;
  readonly audit: AuditChain;
  /** What each commit writes of the graces. See `Rebuilt`. */
  readonly graces: string | null;
}

/** Begins a term on a journal and rebuilds the state. Also returns the changes of the recovery, which you must write first. */
export async function beginTerm(
  journal: Journal,
  clock: Clock,
  options: StoreOptions,
  signal?: AbortSignal,
): Promise<{ term: BegunTerm; recovered: RowChanges }> {
  const server = await journal.lead({ signal });
  const { succession } = journal;
  const timeline = new Timeline(clock, server, succession);
  const durable = await loadDurableState(journal, server);
  const log = await EventLog.open(journal, server, timeline, options.eventRetention);
  const audit = await AuditChain.load(journal, server.restoredAt);
  const now = timeline.now();
  const { state, changes, graces } = rebuild(durable, server, succession, now, options.restartGraceSeconds);
  const recovered = new RowChanges();
  for (const change of changes) writeChange(change, recovered);
  audit.recordJump(recovered, clock.wallMs());
  const term = { journal, clock, options, epoch: server.epoch, state, timeline, log, audit, graces };
  return { term, recovered };
}
