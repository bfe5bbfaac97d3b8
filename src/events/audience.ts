import type { UserId } from '../core/model/ids.js';
import type { Selector } from '../journal/event-query.js';
import type { LoggedEvent } from '../journal/logged-event.js';
import { SelectorIndex } from './selector-index.js';
import type { Turns } from './turns.js';

/** How many events may wait to be sent to the streams of one user. */
const WAITING_EVENTS_MAX = 2_000;

export interface Listener {
  readonly selector: Selector;
  receive(event: LoggedEvent): void;
  /** Called when the watcher is removed: it has received everything up to `sequence`. It may join again. */
  fellBehind(sequence: number): void;
}

/**
 * The streams of one user that are up to date. They receive events in the user's turns, so the cost of a commit does not depend
 * on how many streams there are. If events arrive faster than they can be sent, all of these streams fall behind: they continue
 * from the log.
 */
export class Audience {
  readonly #index = new SelectorIndex<Listener>();
  readonly #listeners = new Set<Listener>();
  #waiting: LoggedEvent[] = [];
  /** The listeners that have yet to receive the first waiting event. Null while no event is being sent. */
  #recipients: Iterator<Listener> | null = null;
  /** The listeners that fall behind, and the sequence up to which they have received everything. */
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

  /** Accepts an event that at least one listener may follow. */
  receive(event: LoggedEvent): void {
    if (this.#waiting.at(-1) === event) return;
    this.#waiting.push(event);
    if (this.#waiting.length > WAITING_EVENTS_MAX) this.#leaveBehind();
    if (!this.#isAtWork) this.#work();
  }

  #work(): void {
    this.#isAtWork = true;
    void this.turns.run(this.user, () => this.#doNext());
  }

  /** Sends one event to one listener, or lets one fall behind. Returns whether nothing is left to do. */
  #doNext(): boolean {
    const leaving = this.#leaving.pop();
    if (leaving !== undefined) leaving.fellBehind(this.#leavingSequence);
    else this.#sendNext();
    this.#isAtWork = this.#leaving.length > 0 || this.#waiting.length > 0;
    return !this.#isAtWork;
  }

  #sendNext(): void {
    const [event] = this.#waiting;
    if (event === undefined) return;
    this.#recipients ??= this.#index.followersOf(event.subject)[Symbol.iterator]();
    const { done, value } = this.#recipients.next();
    if (done !== true) {
      value.receive(event);
      return;
    }
    this.#waiting.shift();
    this.#recipients = null;
  }

  #leaveBehind(): void {
    const receivedThrough = (this.#waiting[0]?.sequence ?? 0) - 1;
    this.#leavingSequence =
      this.#leaving.length > 0 ? Math.min(this.#leavingSequence, receivedThrough) : receivedThrough;
    this.#leaving = [...this.#listeners];
    this.#waiting = [];
    this.#recipients = null;
  }
}
