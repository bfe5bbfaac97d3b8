import { Injectable } from '@nestjs/common';
import { Counter, Histogram } from 'prom-client';
import type { LockEventType } from '../core/model/event.js';
import type { Outcome } from '../core/model/outcome.js';
import { LockStore } from '../store/lock-store.js';
import { gauge } from './gauge.js';
import { MetricsRegistry } from './metrics-registry.js';
import { addRoleMetrics } from './role-metrics.js';

/** In seconds. */
const COMMIT_BUCKETS = [0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1];
const CALLER_BUCKETS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];

/** Warnings have a counter of their own, which also counts those that are not logged. */
type CountedType = Exclude<LockEventType, 'warning'>;

const EVENT_COUNTERS: Readonly<Record<CountedType, { name: string; help: string }>> = {
  acquired: { name: 'octostore_grants_total', help: 'Leases granted' },
  renewed: { name: 'octostore_renewals_total', help: 'Leases renewed' },
  released: { name: 'octostore_releases_total', help: 'Leases released' },
  expired: { name: 'octostore_expiries_total', help: 'Leases that expired because no one renewed them' },
  broken: { name: 'octostore_breaks_total', help: 'Leases that operators have broken' },
  release_requested: {
    name: 'octostore_release_requests_total',
    help: 'Requests to release a lock that someone else holds',
  },
};

/** The outcomes of an acquire that finds the lock held. */
const FOUND_HELD: ReadonlySet<Outcome['kind']> = new Set(['conflict', 'queued', 'too_many_waiters']);

/** Metrics of the store. They count only what is durable. */
@Injectable()
export class StoreMetrics {
  constructor(registry: MetricsRegistry, store: LockStore) {
    const registers = [registry];
    const events = counters(registers);
    const conflicts = new Counter({
      name: 'octostore_conflicts_total',
      help: 'Acquires that found the lock held, including those that then waited in line or found the line full',
      registers,
    });
    const duration = new Histogram({
      name: 'octostore_commit_duration_seconds',
      help: 'Time that a group commit took, including the disk sync',
      buckets: COMMIT_BUCKETS,
      registers,
    });
    const callers = new Histogram({
      name: 'octostore_commit_callers',
      help: 'Callers that shared a group commit',
      buckets: CALLER_BUCKETS,
      registers,
    });
    store.observe({
      decided: (command, { outcome }) => {
        if (command.kind === 'acquire' && FOUND_HELD.has(outcome.kind)) conflicts.inc();
      },
      committed: (commit) => {
        duration.observe(commit.durationMs / 1000);
        callers.observe(commit.callers);
        for (const { type } of commit.events) if (type !== 'warning') events[type].inc();
      },
    });
    addGauges(registers, store);
    addRoleMetrics(registers, () => ({ leads: true, term: store.epoch }));
  }
}

function addGauges(registers: MetricsRegistry[], store: LockStore): void {
  gauge('octostore_locks_held', 'Locks that are held', registers, () => store.counts.lockCount);
  gauge(
    'octostore_locks_delayed',
    'Locks that no lease holds, but that no one gets yet',
    registers,
    () => store.counts.coolingCount,
  );
  gauge('octostore_sessions', 'Sessions that are alive', registers, () => store.counts.sessionCount);
  gauge(
    'octostore_sessions_remembered',
    'Sessions that have expired and are still remembered',
    registers,
    () => store.counts.rememberedSessionCount,
  );
  gauge('octostore_fences', 'Fences that are kept', registers, () => store.counts.fenceCount);
  gauge(
    'octostore_waiters',
    'Requests that are waiting for locks',
    registers,
    () => store.counts.waiterCount,
  );
  gauge(
    'octostore_fencing_token',
    'Highest fencing token issued',
    registers,
    () => store.counts.lastFencingToken,
  );
  gauge(
    'octostore_pending_commands',
    'Callers that are waiting for the disk',
    registers,
    () => store.admission.pending,
  );
  gauge('octostore_storage_low', '1 while new grants are refused because disk space is low', registers, () =>
    Number(store.admission.isStorageLow),
  );
}

function counters(registers: MetricsRegistry[]): Record<CountedType, Counter> {
  const make = (type: CountedType): Counter => new Counter({ ...EVENT_COUNTERS[type], registers });
  return {
    acquired: make('acquired'),
    renewed: make('renewed'),
    released: make('released'),
    expired: make('expired'),
    broken: make('broken'),
    release_requested: make('release_requested'),
  };
}
