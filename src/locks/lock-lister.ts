import { Injectable } from '@nestjs/common';
import { Access } from '../access/access.js';
import type { Caller } from '../auth/caller.js';
import { Clock } from '../clock/clock.js';
import type { UserId } from '../core/model/ids.js';
import type { Instant } from '../core/model/time.js';
import type { Holding, ListPosition, StateView } from '../core/state/state-view.js';
import { LockStore } from '../store/lock-store.js';
import type { ListLocksQuery } from './dto/list-locks.dto.js';
import type { LockList } from './dto/lock-responses.dto.js';
import { decodeCursor, positionAfter } from './list-cursor.js';
import { ListPage } from './list-page.js';
import { LockPresenter } from './lock-presenter.js';

/** After how many hidden locks other requests get their turn. A server can have very many that a user may not see. */
const HIDDEN_PER_TURN = 250;

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
    const { cursor } = query;
    const page = new ListPage(query);
    let after = cursor === undefined ? null : decodeCursor(cursor);
    for (;;) {
      const reached = after;
      after = await this.store.read((state, now) =>
        this.#readOn(
          page,
          outsideFolders(page, heldLocks(state, now, query, caller, reached), reached),
          caller,
        ),
      );
      if (after === null) break;
      await this.#nextTurn(caller.userId);
    }
    return page.list;
  }

  /** Returns where to read on in another turn. Null if the page is complete. */
  #readOn(page: ListPage, held: Iterable<Holding>, caller: Caller): ListPosition | null {
    let hidden = 0;
    for (const holding of held) {
      if (!this.access.may(caller, 'observe', holding)) {
        hidden += 1;
        if (hidden < HIDDEN_PER_TURN) continue;
        return { lockName: holding.lockName, fencingToken: holding.lease.fencingToken };
      }
      // Only a lock that the caller may see makes another page. Otherwise the cursor would say that there are hidden ones.
      if (page.isFull) {
        page.end();
        return null;
      }
      const folder = page.folderOf(holding.lockName);
      if (folder === null) page.addLock(this.present.listed(holding, caller));
      else page.addFolder(folder);
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

type HeldAfter = (after: ListPosition | null) => Iterable<Holding>;

/** The holdings after a position. Those in the last folder of the page are passed over, however many there are. */
function* outsideFolders(page: ListPage, held: HeldAfter, after: ListPosition | null): Generator<Holding> {
  for (let from = after, folder: string | null = null; ; from = positionAfter(folder)) {
    folder = null;
    for (const holding of held(from)) {
      const { lastFolder } = page;
      if (lastFolder !== null && holding.lockName.startsWith(lastFolder)) {
        folder = lastFolder;
        break;
      }
      yield holding;
    }
    if (folder === null) return;
  }
}

function heldLocks(
  state: StateView,
  now: Instant,
  { owner, prefix = '' }: ListLocksQuery,
  { userId }: Caller,
  reached: ListPosition | null,
): HeldAfter {
  if (owner !== 'me') return (after) => state.heldLocks(prefix, after, now);
  // They were sorted already, so there is nothing to gain by seeking: this goes on where it was left.
  const own = state.heldLocksOfUser(userId, prefix, reached, now).values();
  return () => own;
}
