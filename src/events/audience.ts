import type { UserId } from '../core/model/ids.js';
import type { Selector } from '../journal/event-query.js';
import type { LoggedEvent } from '../journal/logged-event.js';
import { SelectorIndex } from './selector-index.js';
import type { Turns } from './turns.js';

/** Events that may wait until the streams of one user have been told of them. */
const WAITING_EVENTS_MAX = 2_000;

export interface Listener {
  readonly selector: Selector;
  hear(event: LoggedEvent): void;
  /** It was told of everything up to `sequence` and is told of nothing more until it joins again. */
  leftBehind(sequence: number): void;
}

/**
 * The streams of one user that are up to date. They are told of events in the user's turns, so what a commit costs does not
 * depend on how many there are. If events come faster than they can be told, all of them are left behind: they read on from the
 * log.
 */
export class Audience {
  readonly #index = new SelectorIndex<Listener>();
  readonly #listeners = new Set<Listener>();
  #waiting: LoggedEvent[] = [];
  /** Tells the first of the waiting events; null while none is being told. */
  #telling: Iterator<Listener> | null = null;
  /** Those who are to be left behind, and the sequence up to which they were told of everything. */
  #leaving: Listener[] = [];
  #leavingSequence = Infinity;
  #isAtWork = false;

  constructor(
    readonly user: UserId,
    private readonly turns: Turns,
  ) {}

  get isEmpty(): boolean {
    return this.#listeners.size === 0;
  }

  add(listener: Listener): void {
    this.#listeners.add(listener);
    this.#index.add(listener.selector, listener);
  }

  delete(listener: Listener): void {
    if (this.#listeners.delete(listener)) this.#index.remove(listener.selector, listener);
  }

  /** Something has happened that may be of interest. */
  hear(event: LoggedEvent): void {
    if (this.#waiting.at(-1) === event) return;
    this.#waiting.push(event);
    if (this.#waiting.length > WAITING_EVENTS_MAX) this.#leaveBehind();
    if (!this.#isAtWork) this.#work();
  }

  #work(): void {
    this.#isAtWork = true;
    void this.turns.run(this.user, () => this.#doNext());
  }

  /** Tells one event to one listener, or leaves one behind. Returns whether nothing is left to do. */
  #doNext(): boolean {
    const leaving = this.#leaving.pop();
    if (leaving !== undefined) leaving.leftBehind(this.#leavingSequence);
    else this.#tellNext();
    this.#isAtWork = this.#leaving.length > 0 || this.#waiting.length > 0;
    return !this.#isAtWork;
  }

  #tellNext(): void {
    const [event] = this.#waiting;
    if (event === undefined) return;
    this.#telling ??= this.#index.followersOf(event.subject)[Symbol.iterator]();
    const { done, value } = this.#telling.next();
    if (done !== true) {
      value.hear(event);
      return;
    }
    this.#waiting.shift();
    this.#telling = null;
  }

  #leaveBehind(): void {
    const toldOf = (this.#waiting[0]?.sequence ?? 0) - 1;
    this.#leavingSequence = this.#leaving.length > 0 ? Math.min(this.#leavingSequence, toldOf) : toldOf;
    this.#leaving = [...this.#listeners];
    this.#waiting = [];
    this.#telling = null;
  }
}
