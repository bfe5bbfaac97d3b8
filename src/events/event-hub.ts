import { Injectable } from '@nestjs/common';
import type { UserId } from '../core/model/ids.js';
import type { LoggedEvent } from '../journal/logged-event.js';
import { LockStore } from '../store/lock-store.js';
import type { Selector } from '../journal/event-query.js';
import { Audience, type Listener } from './audience.js';
import { commonPrefix } from './common-prefix.js';
import { RecentEvents } from './recent-events.js';
import { SelectorIndex } from './selector-index.js';
import { Turns } from './turns.js';

/** The audience of one user, and which locks and prefixes it follows. */
interface Member {
  readonly audience: Audience;
  /** How many of its listeners follow each lock by name. */
  readonly locks: Map<string, number>;
  /** The common start of all prefixes that it follows. Null if it follows none. It never grows longer while it follows any. */
  prefix: string | null;
  prefixes: number;
}

/**
 * Passes each durable event to the users who follow its lock. The cost within a commit grows with the number of those users, and
 * not with their streams or prefixes: for each user the hub keeps the locks followed by name, and one prefix that all of the
 * user's prefixes begin with.
 */
@Injectable()
export class EventHub {
  readonly recent: RecentEvents;
  readonly #members = new Map<UserId, Member>();
  readonly #index = new SelectorIndex<Audience>();

  constructor(
    store: LockStore,
    private readonly turns: Turns,
  ) {
    this.recent = new RecentEvents(store.counts.lastSequence, () => store.log.resumableFrom);
    store.observe({
      committed: ({ events }) => {
        for (const event of events) this.#publish(event);
      },
    });
  }

  /** From now on `listener` receives the events that it selects. Call the returned function to stop that. */
  join(user: UserId, listener: Listener): () => void {
    const member = this.#memberOf(user);
    member.audience.add(listener);
    if (listener.selector.kind === 'lock') this.#followLock(member, listener.selector);
    else this.#followPrefix(member, listener.selector.prefix);
    let hasLeft = false;
    return () => {
      if (!hasLeft) this.#leave(member, listener);
      hasLeft = true;
    };
  }

  #publish(event: LoggedEvent): void {
    this.recent.push(event);
    for (const audience of this.#index.followersOf(event.subject)) audience.receive(event);
  }

  #memberOf(user: UserId): Member {
    let member = this.#members.get(user);
    if (member === undefined) {
      member = { audience: new Audience(user, this.turns), locks: new Map(), prefix: null, prefixes: 0 };
      this.#members.set(user, member);
    }
    return member;
  }

  #leave(member: Member, listener: Listener): void {
    const { audience } = member;
    audience.delete(listener);
    if (listener.selector.kind === 'lock') this.#unfollowLock(member, listener.selector);
    else this.#unfollowPrefix(member);
    if (audience.isEmpty) this.#members.delete(audience.user);
  }

  #followLock({ audience, locks }: Member, selector: Selector & { kind: 'lock' }): void {
    const count = locks.get(selector.lockName) ?? 0;
    locks.set(selector.lockName, count + 1);
    if (count === 0) this.#index.add(selector, audience);
  }

  #unfollowLock({ audience, locks }: Member, selector: Selector & { kind: 'lock' }): void {
    const count = (locks.get(selector.lockName) ?? 0) - 1;
    if (count > 0) {
      locks.set(selector.lockName, count);
      return;
    }
    locks.delete(selector.lockName);
    this.#index.remove(selector, audience);
  }

  #followPrefix(member: Member, prefix: string): void {
    member.prefixes += 1;
    this.#setPrefix(member, member.prefix === null ? prefix : commonPrefix(member.prefix, prefix));
  }

  #unfollowPrefix(member: Member): void {
    member.prefixes -= 1;
    if (member.prefixes === 0) this.#setPrefix(member, null);
  }

  #setPrefix(member: Member, prefix: string | null): void {
    const { audience } = member;
    if (member.prefix === prefix) return;
    if (member.prefix !== null) this.#index.remove({ kind: 'prefix', prefix: member.prefix }, audience);
    if (prefix !== null) this.#index.add({ kind: 'prefix', prefix }, audience);
    member.prefix = prefix;
  }
}
