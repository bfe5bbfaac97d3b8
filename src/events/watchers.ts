import type { UserId } from '../core/model/ids.js';
import { OctoStoreError } from '../errors/octostore-error.js';
import type { Selector } from '../journal/event-query.js';
import type { EventStream } from './event-stream.js';
import { Slots } from './slots.js';

/** How many large snapshots are taken and sent for one user at the same time. */
const LARGE_SNAPSHOTS_MAX = 8;

/** How many streams may be open. */
export interface WatcherLimits {
  readonly perUser: number;
  readonly all: number;
}

/** The open streams of one user, and the slots that they share. */
export interface Watcher {
  /** What each stream shows. */
  readonly streams: Map<EventStream, Selector>;
  readonly logSlots: Slots;
  readonly snapshotSlots: Slots;
}

/** The open streams of all users. */
export class Watchers {
  readonly #limits: WatcherLimits;
  readonly #byUser = new Map<UserId, Watcher>();
  #count = 0;

  constructor(limits: WatcherLimits) {
    this.#limits = limits;
  }

  /** How many streams are open. */
  get count(): number {
    return this.#count;
  }

  /**
   * Throws `too_many_watchers` if the user, or all users together, have reached the limit.
   *
   * @param perUser the limit of this user, if it differs from that of others.
   */
  assertRoomFor(user: UserId, perUser = this.#limits.perUser): void {
    const { all } = this.#limits;
    const own = this.#byUser.get(user)?.streams.size ?? 0;
    if (own >= perUser) throw tooMany(`You have ${perUser} event streams open, which is the limit per user.`);
    if (this.#count >= all)
      throw tooMany(`All users together have ${all} event streams open, which is the limit of this server.`);
  }

  add(user: UserId, stream: EventStream, selector: Selector): Watcher {
    const watcher = this.#byUser.get(user) ?? newWatcher();
    this.#byUser.set(user, watcher);
    watcher.streams.set(stream, selector);
    this.#count += 1;
    stream.onClose(() => this.#delete(user, watcher, stream));
    return watcher;
  }

  /** Each user with open streams, and a copy of the list of those streams with what they show. */
  byUser(): [UserId, [EventStream, Selector][]][] {
    return Array.from(this.#byUser, ([user, { streams }]) => [user, [...streams]]);
  }

  #delete(user: UserId, { streams }: Watcher, stream: EventStream): void {
    if (!streams.delete(stream)) return;
    this.#count -= 1;
    if (streams.size === 0) this.#byUser.delete(user);
  }
}

function newWatcher(): Watcher {
  return { streams: new Map(), logSlots: new Slots(1), snapshotSlots: new Slots(LARGE_SNAPSHOTS_MAX) };
}

function tooMany(details: string): OctoStoreError {
  return new OctoStoreError('too_many_watchers', { details, retryAfterMs: 5_000 });
}
