import type { SessionId, UserId } from '../model/ids.js';
import type { Session } from '../model/session.js';
import { DeadlineHeap, type Due } from './deadline-heap.js';

interface Entry extends Due {
  readonly session: Session;
}

interface Entries {
  readonly amongAll: Entry;
  readonly amongOwn: Entry;
}

/** The sessions that have expired and are still remembered. Every operation takes logarithmic time. */
export class RememberedSessions {
  readonly #entries = new Map<SessionId, Entries>();
  readonly #all = new DeadlineHeap<Entry>();
  readonly #byUser = new Map<UserId, DeadlineHeap<Entry>>();

  get size(): number {
    return this.#entries.size;
  }

  countOf(userId: UserId): number {
    return this.#byUser.get(userId)?.size ?? 0;
  }

  /** The session that expired longest ago; null if none is remembered. */
  get oldest(): Session | null {
    return this.#all.peek()?.session ?? null;
  }

  /** The same among one user's sessions. */
  oldestOf(userId: UserId): Session | null {
    return this.#byUser.get(userId)?.peek()?.session ?? null;
  }

  add(session: Session): void {
    const entries = { amongAll: entryOf(session), amongOwn: entryOf(session) };
    this.#entries.set(session.sessionId, entries);
    this.#all.add(entries.amongAll);
    const own = this.#byUser.get(session.userId) ?? new DeadlineHeap();
    this.#byUser.set(session.userId, own);
    own.add(entries.amongOwn);
  }

  delete({ sessionId, userId }: Session): void {
    const entries = this.#entries.get(sessionId);
    const own = this.#byUser.get(userId);
    if (entries === undefined || own === undefined) throw new Error('no such session is remembered');
    this.#entries.delete(sessionId);
    this.#all.remove(entries.amongAll);
    own.remove(entries.amongOwn);
    if (own.size === 0) this.#byUser.delete(userId);
  }
}

function entryOf(session: Session): Entry {
  return { session, deadline: session.deadline, heapIndex: -1 };
}
