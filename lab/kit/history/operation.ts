import type { Hold } from '../../../src/core/model/demand.js';
import type { SessionFacts } from './session-facts.js';

/** Names one lease that a client asked for. It is the lease's metadata, so every answer about the lease shows it. */
export type Tag = string;

/** How a client wants a lock: exclusively if it says nothing. With a limit it is counted. */
export interface DemandAsk {
  readonly mode?: 'exclusive' | 'shared' | 'counted';
  readonly limit?: number;
  readonly permits?: number;
}

/** One of several locks that a client asks for together. */
export interface LockAsk extends DemandAsk {
  readonly lock: string;
}

/** What a client asked of one lock, or of several that one lease holds: these are in `locks`. */
export type Ask =
  | ({
      readonly kind: 'acquire';
      readonly tag: Tag;
      readonly ttlMs: number;
      /** The server may take a grant back if the request waited for it and its client has gone. */
      readonly mayWait: boolean;
      readonly session: SessionFacts | null;
      readonly locks?: readonly LockAsk[];
    } & DemandAsk)
  | {
      readonly kind: 'renew';
      readonly tag: Tag;
      readonly ttlMs: number;
      readonly locks?: readonly LockAsk[];
    }
  | { readonly kind: 'release'; readonly tag: Tag; readonly locks?: readonly LockAsk[] }
  | { readonly kind: 'status' };

/** Between which moments something is said to end. */
export interface End {
  readonly fromMs: number;
  readonly byMs: number;
}

/** The slots of a counted lease that the client was told: of one lock, or of each of several. */
export interface ToldSlots {
  readonly slots?: readonly number[];
  readonly slotsByLock?: Readonly<Record<string, readonly number[]>>;
}

/** What the client was told. A refusal that says nothing about the lock is not recorded. */
export type Told =
  | ({ readonly kind: 'granted'; readonly token: number } & ToldSlots)
  /** The lock was held by the lease `tag`, and the caller was told its token and maybe its end. */
  | ({
      readonly kind: 'held';
      readonly tag: Tag;
      readonly token: number;
      readonly isOwn: boolean;
      readonly end?: End;
    } & ToldSlots)
  | { readonly kind: 'conflict'; readonly tag: Tag }
  | { readonly kind: 'renewed'; readonly token: number }
  | { readonly kind: 'released' }
  /** The lease that was named does not hold the lock. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'free'; readonly highestToken: number }
  /** No answer came. It took effect before `noLaterThanMs`, or never. */
  | { readonly kind: 'unknown'; readonly noLaterThanMs: number };

/** One request of one client about one lock, with its place in real time. */
export interface Operation {
  readonly ask: Ask;
  readonly told: Told;
  readonly callMs: number;
  /** Infinity if no answer came. */
  readonly returnMs: number;
}

export function isAnswered({ told }: Operation): boolean {
  return told.kind !== 'unknown';
}

/** How a lease that was asked for like this holds its lock. Slots that no client was told are not assumed. */
export function holdAsked({ mode, limit }: DemandAsk, { slots = [] }: ToldSlots = {}): Hold {
  if (limit !== undefined) return { mode: 'counted', limit, slots };
  return { mode: mode === 'shared' ? 'shared' : 'exclusive' };
}

/** The same, as it concerns one lock of several. A conflict is about one lock alone. */
export function partOf(lock: string, ask: Ask, told: Told): { readonly ask: Ask; readonly told: Told } {
  const wanted = ask.kind === 'status' ? undefined : ask.locks?.find((other) => other.lock === lock);
  const slots = 'slotsByLock' in told ? told.slotsByLock?.[lock] : undefined;
  return {
    ask: wanted !== undefined && ask.kind === 'acquire' ? { ...ask, ...wanted } : ask,
    told: slots === undefined ? told : ({ ...told, slots } as Told),
  };
}

/** The locks that the operation was about. */
export function locksOfAsk(lock: string, ask: Ask, told: Told): readonly string[] {
  const isAboutOne = told.kind === 'conflict' || (told.kind === 'held' && !told.isOwn);
  if (ask.kind === 'status' || ask.locks === undefined || isAboutOne) return [lock];
  return ask.locks.map((other) => other.lock);
}
