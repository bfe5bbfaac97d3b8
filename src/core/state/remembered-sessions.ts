import type { SessionId, UserId } from '../model/ids.js';
import type { Session } from '../model/session.js';
import { DeadlineHeap, type Due } from './deadline-heap.js';

interface Entry extends Due {
  readonly session: Session;
}

interface Entries {
  readonly global: Entry;
  readonly ofUser: Entry;
}

/** Expired sessions that are still remembered. Every operation takes at most logarithmic time. */
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

  /** The session that expired first, or null if there are none. */
  get oldest(): Session | null {
    return this.#all.peek()?.session ?? null;
  }

  /** The session of this user that expired first, or null if there are none. */
  oldestOf(userId: UserId): Session | null {
    return this.#byUser.get(userId)?.peek()?.session ?? null;
  }

  add(session: Session): void {
    const entries = { global: entryOf(session), ofUser: entryOf(session) };
    this.#entries.set(session.sessionId, entries);
    this.#all.add(entries.global);
    const own = this.#byUser.get(session.userId) ?? new DeadlineHeap();
    this.#byUser.set(session.userId, own);
    own.add(entries.ofUser);
  }

  delete({ sessionId, userId }: Session): void {
    const entries = this.#entries.get(sessionId);
    const own = this.#byUser.get(userId);
    if (entries === undefined || own === undefined)
      throw new Error(`the session ${sessionId} is not remembered`);
    this.#entries.delete(sessionId);
    this.#all.remove(entries.global);
    own.remove(entries.ofUser);
    if (own.size === 0) this.#byUser.delete(userId);
  }
}

function entryOf(session: Session): Entry {
  return { session, deadline: session.deadline, heapIndex: -1 };
}
