import type { LoggedEvent } from '../../kit/history/event-log-check.js';

/** The filters of a webhook, and the same condition as code. */
export interface Interest {
  readonly events?: readonly string[];
  readonly lock_pattern?: string;
  /** Whether the pattern covers a lock, without using the pattern. */
  readonly covers: (lock: string) => boolean;
}

/** The prefixes of lock names. */
export const FAMILIES = ['build', 'deploy/eu', 'deploy/us', 'cron', 'own/a/eu'] as const;

/** Together, they use every filter that a webhook can have. */
export const INTERESTS: readonly Interest[] = [
  { covers: () => true },
  { events: ['acquired'], covers: () => true },
  { events: ['released', 'expired'], lock_pattern: '*', covers: () => true },
  { lock_pattern: 'deploy/*', covers: (lock) => lock.startsWith('deploy/') },
  { lock_pattern: '**/eu/*', events: ['*'], covers: (lock) => lock.split('/').includes('eu') },
  { events: ['renewed'], lock_pattern: 'b?ild/*', covers: (lock) => lock.startsWith('build/') },
  { lock_pattern: 'nothing/*', covers: () => false },
];

/** The interests of bad receivers, in turn. */
export const NARROW_INTERESTS: readonly Interest[] = FAMILIES.map((family) => ({
  lock_pattern: `${family}/*`,
  covers: (lock) => lock.startsWith(`${family}/`),
}));

/** The signing secrets of webhooks: a text, a generated key, or none. */
export const SECRETS = ['a secret of the proof', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', null] as const;

/** A webhook as its owner knows it. */
export interface Subscription {
  readonly interest: Interest;
  readonly secret: string | null;
  /** Events up to here happened before the webhook was requested. */
  readonly notBefore: number;
  /** Events after this one happened when it certainly existed. */
  readonly surelyAfter: number;
  /** Events after this one happened when it was certainly deleted. */
  notAfter: number;
}

/** Whether a webhook may receive an event. Of the events of a log, only warnings must be named. */
export function mayReceive(event: LoggedEvent, { interest, notBefore, notAfter }: Subscription): boolean {
  const { events = ['*'], covers } = interest;
  return (
    event.sequence > notBefore &&
    event.sequence <= notAfter &&
    (events.includes(event.event) || (events.includes('*') && event.event !== 'warning')) &&
    covers(event.lock)
  );
}

/** Whether a webhook must receive an event. */
export function mustReceive(event: LoggedEvent, subscription: Subscription): boolean {
  const { notAfter, surelyAfter } = subscription;
  return notAfter === Infinity && event.sequence > surelyAfter && mayReceive(event, subscription);
}
