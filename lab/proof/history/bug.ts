import type { Patch } from '../../kit/server/test-build.js';
import { USUAL_HABITS, type Habits } from '../../kit/load/habits.js';

/** What it takes for a bug to show. */
export interface Attack {
  /** The server is killed and started all the time. Otherwise scenarios are run and connections are cut. */
  readonly kills: boolean;
  /** The event log, a webhook and a watch stream are looked at as well. */
  readonly events: boolean;
  readonly habits: Habits;
}

/** A mistake that somebody could make in the server. */
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
  locks: 'core/state/locks.js',
  numbers: 'core/state/numbers.js',
  linkedList: 'core/state/linked-list.js',
  state: 'core/state/state.js',
  time: 'core/model/time.js',
  store: 'store/lock-store.js',
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

/** A disk that takes its time, so that what is told too early is told much too early. */
export const SLOW_DISK: Change = [
  FILES.journal,
  'insert.run(parameters, (error) => (error ? reject(error) : resolve()));',
  'setTimeout(() => insert.run(parameters, (error) => (error ? reject(error) : resolve())), 40);',
];

type Change = readonly [file: string, find: string, replace: string];

/** A bug that shows while the server runs. */
export function bug(name: string, ...changes: readonly Change[]): Bug {
  return { name, attack: { kills: false, events: false, habits: USUAL_HABITS }, patches: toPatches(changes) };
}

/** A bug that shows after a kill. */
export function crashBug(name: string, ...changes: readonly Change[]): Bug {
  return { name, attack: { kills: true, events: false, habits: USUAL_HABITS }, patches: toPatches(changes) };
}

/** A bug that shows in what is told of events. */
export function eventBug(name: string, ...changes: readonly Change[]): Bug {
  return { name, attack: { kills: false, events: true, habits: USUAL_HABITS }, patches: toPatches(changes) };
}

/** The same bug under an attack that leads to it sooner. */
export function aimed(sought: Bug, attack: Partial<Attack>): Bug {
  return { ...sought, attack: { ...sought.attack, ...attack } };
}

function toPatches(changes: readonly Change[]): readonly Patch[] {
  return changes.map(([file, find, replace]) => ({ file, find, replace }));
}
