import { DeadlineHeap, type Due } from './deadline-heap.js';
import type { SessionId, UserId } from '../model/ids.js';
import type { Session } from '../model/session.js';

interface Place extends Due {
  readonly session: Session;
}

interface Places {
  readonly amongAll: Place;
  readonly amongOwn: Place;
}

/** The sessions that have expired and are still remembered. Every operation takes logarithmic time. */
export class RememberedSessions {
  readonly #places = new Map<SessionId, Places>();
  readonly #all = new DeadlineHeap<Place>();
  readonly #byUser = new Map<UserId, DeadlineHeap<Place>>();

  get size(): number {
    return this.#places.size;
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
    const places = { amongAll: placeOf(session), amongOwn: placeOf(session) };
    this.#places.set(session.sessionId, places);
    this.#all.add(places.amongAll);
    const own = this.#byUser.get(session.userId) ?? new DeadlineHeap();
    this.#byUser.set(session.userId, own);
    own.add(places.amongOwn);
  }

  delete({ sessionId, userId }: Session): void {
    const places = this.#places.get(sessionId);
    const own = this.#byUser.get(userId);
    if (places === undefined || own === undefined) throw new Error('no such session is remembered');
    this.#places.delete(sessionId);
    this.#all.remove(places.amongAll);
    own.remove(places.amongOwn);
    if (own.size === 0) this.#byUser.delete(userId);
  }
}

function placeOf(session: Session): Place {
  return { session, deadline: session.deadline, slot: -1 };
}
