import { Injectable } from '@nestjs/common';
import type { UserId } from '../../core/model/ids.js';
import type { StateView } from '../../core/state/state-view.js';
import { pageInOrder } from '../../http/answer/page-in-order.js';
import { decodeTextCursor } from '../../http/input/text-cursor.js';
import type { UserRow } from '../../journal/rows/user-row.js';
import { LockStore } from '../../store/lock-store.js';
import { Accounts } from '../accounts.js';
import { qualifiedLogin } from '../tokens/token-facts.js';
import type { ValidToken } from '../tokens/valid-token.js';
import { isRetired } from '../user-directory.js';
import { USERS_PAGE, type ListUsersQuery, type UserBody, type UserList } from './admin-users.dto.js';

/** Two accounts of former versions may have the same name. Their ids tell them apart, and no name has a line break. */
const keyOf = (user: Readonly<UserRow>): string => `${qualifiedLogin(user)}\n${user.userId}`;

/** Lists the accounts for administrators. */
@Injectable()
export class UserLister {
  constructor(
    private readonly accounts: Accounts,
    private readonly store: LockStore,
  ) {}

  /** Throws `validation_failed` if the cursor is not valid. */
  async list({ query, limit, cursor }: ListUsersQuery): Promise<UserList> {
    const max = limit ?? USERS_PAGE.default;
    const after = cursor === undefined ? null : decodeTextCursor(cursor);
    const { items, nextCursor } = pageInOrder(this.#matching(query ?? ''), keyOf, { after, max });
    return {
      users: await this.store.read((state) => items.map((user) => this.#present(user, state))),
      next_cursor: nextCursor,
    };
  }

  *#matching(query: string): Generator<Readonly<UserRow>> {
    const wanted = query.toLowerCase();
    for (const user of this.accounts.allUsers()) {
      if (isRetired(user)) continue;
      if ([qualifiedLogin(user), user.login].some((name) => name.toLowerCase().includes(wanted))) yield user;
    }
  }

  #present(user: Readonly<UserRow>, state: StateView): UserBody {
    const userId = user.userId as UserId;
    const valid = this.accounts.validTokensOf(userId);
    const tokens = valid.filter(({ browser }) => browser === null).length;
    return {
      user_id: userId,
      user: qualifiedLogin(user),
      login: user.login,
      source: user.provider,
      is_administrator: this.accounts.isAdministrator(user),
      groups: [...this.accounts.memberships.groupsOf(userId)],
      created_at: new Date(user.createdAt).toISOString(),
      last_used_at: lastUseOf(valid),
      tokens,
      browser_sessions: valid.length - tokens,
      locks: state.lockCountOf(userId),
      sessions: state.activeSessionCountOf(userId),
    };
  }
}

function lastUseOf(tokens: readonly ValidToken[]): string | null {
  const uses = tokens.flatMap(({ lastUsedAtMs }) => (lastUsedAtMs === null ? [] : [lastUsedAtMs]));
  return uses.length === 0 ? null : new Date(Math.max(...uses)).toISOString();
}
