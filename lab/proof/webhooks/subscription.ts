import type { LoggedEvent } from '../../kit/history/event-log-check.js';

/** What a webhook asks for, and the same in other words. */
export interface Interest {
  readonly events?: readonly string[];
  readonly lock_pattern?: string;
  /** Written without the help of the pattern. */
  readonly covers: (lock: string) => boolean;
}

/** The first components of the names of locks. */
export const FAMILIES = ['build', 'deploy/eu', 'deploy/us', 'cron', 'own/a/eu'] as const;

/** Between them they use all that a webhook can ask for. */
export const INTERESTS: readonly Interest[] = [
  { covers: () => true },
  { events: ['acquired'], covers: () => true },
  { events: ['released', 'expired'], lock_pattern: '*', covers: () => true },
  { lock_pattern: 'deploy/*', covers: (lock) => lock.startsWith('deploy/') },
  { lock_pattern: '**/eu/*', events: ['*'], covers: (lock) => lock.split('/').includes('eu') },
  { events: ['renewed'], lock_pattern: 'b?ild/*', covers: (lock) => lock.startsWith('build/') },
  { lock_pattern: 'nothing/*', covers: () => false },
];

/** What bad receivers ask for, in turn. */
export const NARROW_INTERESTS: readonly Interest[] = FAMILIES.map((family) => ({
  lock_pattern: `${family}/*`,
  covers: (lock) => lock.startsWith(`${family}/`),
}));

/** What is being checked may be one of these or none: a text, a key as tools make them, or nothing at all. */
export const SECRETS = ['a secret of the proof', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', null] as const;

/** A webhook as its owner knows it. */
export interface Subscription {
  readonly interest: Interest;
  readonly secret: string | null;
  /** Events up to here came before the webhook was asked for. */
  readonly notBefore: number;
  /** Events after this one came when it was known to exist. */
  readonly surelyAfter: number;
  /** Events after this one came when it was known to be deleted. */
  notAfter: number;
}

/** Whether a webhook may be told of an event. */
export function mayTell(event: LoggedEvent, { interest, notBefore, notAfter }: Subscription): boolean {
  const { events = ['*'], covers } = interest;
  return (
    event.sequence > notBefore &&
    event.sequence <= notAfter &&
    (events.includes('*') || events.includes(event.event)) &&
    covers(event.lock)
  );
}

/** Whether a webhook must be told of an event. */
export function mustTell(event: LoggedEvent, subscription: Subscription): boolean {
  const { notAfter, surelyAfter } = subscription;
  return notAfter === Infinity && event.sequence > surelyAfter && mayTell(event, subscription);
}
