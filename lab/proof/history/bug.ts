import type { Patch } from '../../kit/server/test-build.js';
import { DEFAULT_MIX, type OperationMix } from '../../kit/load/operation-mix.js';

/** The conditions under which a bug shows. */
export interface Attack {
  /** The server is killed and restarted all the time. Otherwise, scenarios run and connections are cut. */
  readonly kills: boolean;
  /** The event log, a webhook and a watch stream are checked too. */
  readonly events: boolean;
  readonly mix: OperationMix;
}

/** A deliberate bug in the server. */
export interface Bug {
  readonly name: string;
  readonly attack: Attack;
  readonly patches: readonly Patch[];
}

export const FILES = {
  acquire: 'core/rules/acquire.js',
  endSession: 'core/rules/end-session.js',
  fit: 'core/rules/fit.js',
  handOver: 'core/rules/hand-over.js',
  keepAlive: 'core/rules/keep-session-alive.js',
  ownership: 'core/rules/ownership.js',
  quota: 'core/rules/quota.js',
  release: 'core/rules/release.js',
  renew: 'core/rules/renew.js',
  sweep: 'core/rules/sweep.js',
  transition: 'core/transition.js',
  recovery: 'core/recovery.js',
  repeat: 'core/rules/repeat.js',
  leasesByUser: 'core/state/leases-by-user.js',
  numbers: 'core/state/numbers.js',
  state: 'core/state/state.js',
  stateReads: 'core/state/state-reads.js',
  time: 'core/model/time.js',
  store: 'store/lock-store.js',
  decider: 'store/decide/decider.js',
  log: 'store/log/event-log.js',
  queuedAcquires: 'store/wait/queued-acquires.js',
  journal: 'journal/sqlite/sqlite-journal.js',
  codec: 'store/commit/codec.js',
  expiryJob: 'store/jobs/expiry.job.js',
  presenter: 'locks/lock-presenter.js',
  hub: 'events/event-hub.js',
  fanOut: 'webhooks/fan-out/event-fan-out.js',
  queue: 'webhooks/delivery/delivery-queue.js',
  sender: 'webhooks/transport/webhook-sender.js',
  delivery: 'webhooks/delivery/delivery.js',
} as const;

/** Slows the disk down, so that an answer that comes before its commit comes much earlier. */
export const SLOW_DISK: Change = [
  FILES.journal,
  'insert.run(parameters, (error) => (error ? reject(reasonOf(error)) : resolve()));',
  'setTimeout(() => insert.run(parameters, (error) => (error ? reject(reasonOf(error)) : resolve())), 40);',
];

type Change = readonly [file: string, find: string, replace: string];

/** A bug that shows while the server runs. */
export function bug(name: string, ...changes: readonly Change[]): Bug {
  return { name, attack: { kills: false, events: false, mix: DEFAULT_MIX }, patches: toPatches(changes) };
}

/** A bug that shows after a kill. */
export function crashBug(name: string, ...changes: readonly Change[]): Bug {
  return { name, attack: { kills: true, events: false, mix: DEFAULT_MIX }, patches: toPatches(changes) };
}

/** A bug that shows in events. */
export function eventBug(name: string, ...changes: readonly Change[]): Bug {
  return { name, attack: { kills: false, events: true, mix: DEFAULT_MIX }, patches: toPatches(changes) };
}

/** The same bug with an attack that finds it sooner. */
export function withAttack(found: Bug, attack: Partial<Attack>): Bug {
  return { ...found, attack: { ...found.attack, ...attack } };
}

function toPatches(changes: readonly Change[]): readonly Patch[] {
  return changes.map(([file, find, replace]) => ({ file, find, replace }));
}
