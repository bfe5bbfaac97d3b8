import { Injectable } from '@nestjs/common';
import { Access } from '../access/access.js';
import type { Caller } from '../auth/caller.js';
import { Clock } from '../clock/clock.js';
import type { UserId } from '../core/model/ids.js';
import type { Instant } from '../core/model/time.js';
import type { Holding, ListPosition, StateView } from '../core/state/state-view.js';
import { LockStore } from '../store/lock-store.js';
import { PAGE_SIZE, type ListLocksQuery } from './dto/list-locks.dto.js';
import type { ListedLock, LockList } from './dto/lock-responses.dto.js';
import { decodeCursor, encodeCursor } from './list-cursor.js';
import { LockPresenter } from './lock-presenter.js';

/** After how many hidden locks other requests get their turn. A server can have very many that a user may not see. */
const HIDDEN_PER_TURN = 250;

/** A page that is being read. */
interface Page {
  readonly size: number;
  readonly locks: ListedLock[];
  /** The cursor of the next page. Null if there is none. */
  next: string | null;
}

/** Lists the locks that users may see. */
@Injectable()
export class LockLister {
  /** The last turn that each user waits for. */
  readonly #turns = new Map<UserId, Promise<void>>();

  constructor(
    private readonly store: LockStore,
    private readonly access: Access,
    private readonly present: LockPresenter,
    private readonly clock: Clock,
  ) {}

  /** Throws `validation_failed` if the cursor is not valid. */
  async list(query: ListLocksQuery, caller: Caller): Promise<LockList> {
    const { limit, cursor, prefix } = query;
    const page: Page = { size: limit ?? PAGE_SIZE.default, locks: [], next: null };
    let after = cursor === undefined ? null : decodeCursor(cursor);
    for (;;) {
      const reached = after;
      after = await this.store.read((state, now) =>
        this.#readOn(page, heldLocks(state, now, query, caller, reached), caller),
      );
      if (after === null) break;
      await this.#nextTurn(caller.userId);
    }
    const { locks, next } = page;
    return { locks, total: locks.length, prefix: prefix ?? null, next_cursor: next };
  }

  /** Returns where to read on in another turn. Null if the page is complete. */
  #readOn(page: Page, held: Iterable<Holding>, caller: Caller): ListPosition | null {
    let hidden = 0;
    for (const holding of held) {
      if (!this.access.may(caller, 'observe', holding)) {
        hidden += 1;
        if (hidden < HIDDEN_PER_TURN) continue;
        return { lockName: holding.lockName, fencingToken: holding.lease.fencingToken };
      }
      const last = page.locks.at(-1);
      // Only a lock that the caller may see makes another page. Otherwise the cursor would say that there are hidden ones.
      if (page.locks.length === page.size && last !== undefined) {
        page.next = encodeCursor(last);
        return null;
      }
      page.locks.push(this.present.listed(holding, caller));
    }
    return null;
  }

  /** Resolves when other requests had their turn. The lists of one user take turns, so that many do not delay the others more. */
  async #nextTurn(userId: UserId): Promise<void> {
    const before = this.#turns.get(userId);
    const turn = this.#afterBacklog(before);
    this.#turns.set(userId, turn);
    await turn;
    if (this.#turns.get(userId) === turn) this.#turns.delete(userId);
  }

  async #afterBacklog(before: Promise<void> | undefined): Promise<void> {
    await before;
    await new Promise<void>((resolve) => this.clock.afterBacklog(resolve));
  }
}

function heldLocks(
  state: StateView,
  now: Instant,
  { owner, prefix = '' }: ListLocksQuery,
  { userId }: Caller,
  after: ListPosition | null,
): Iterable<Holding> {
  return owner === 'me'
    ? state.heldLocksOfUser(userId, prefix, after, now)
    : state.heldLocks(prefix, after, now);
}
