import { randomUUID } from 'node:crypto';
import type { UserId } from '../core/ids.js';
import type { UserRow } from '../journal/rows/user-row.js';

/** Who somebody is, as the place where the account comes from tells. */
export interface Identity {
  readonly provider: UserRow['provider'];
  /** Never changes there and is never given to anybody else: GitHub's numeric id, or the configured name. */
  readonly subject: string;
  readonly login: string;
  readonly avatarUrl: string | null;
}

/**
 * The accounts. Decided and published are two steps: two sign-ins at the same time must agree on one account before
 * either is durable, and nobody is shown an account that a crash could undo.
 */
export class UserDirectory {
  readonly #published = new Map<UserId, Readonly<UserRow>>();
  readonly #decided = new Map<string, UserRow>();
  /** The GitHub account that has a login, by the login in lower case. */
  readonly #gitHubLogins = new Map<string, UserRow>();

  constructor(users: readonly UserRow[]) {
    for (const user of users) this.#decide(user);
    this.publish(users);
  }

  get isEmpty(): boolean {
    return this.#decided.size === 0;
  }

  /** All accounts. */
  all(): IterableIterator<Readonly<UserRow>> {
    return this.#published.values();
  }

  user(userId: UserId): Readonly<UserRow> | null {
    return this.#published.get(userId) ?? null;
  }

  /** The accounts that are called so, in any case of letters. */
  withLogin(login: string): Readonly<UserRow>[] {
    const wanted = login.toLowerCase();
    return [...this.#published.values()].filter(({ login }) => login.toLowerCase() === wanted);
  }

  find(provider: UserRow['provider'], subject: string): UserRow | null {
    return this.#decided.get(keyOf({ provider, subject })) ?? null;
  }

  /**
   * Decides on the account of an identity, which may be new or changed.
   *
   * @returns The account, and every row that must be durable before `publish` is called with the same rows.
   */
  decide(identity: Identity, nowMs: number): { user: UserRow; rows: UserRow[] } {
    const known = this.find(identity.provider, identity.subject);
    const user: UserRow = {
      ...identity,
      userId: known?.userId ?? randomUUID(),
      createdAt: known?.createdAt ?? nowMs,
    };
    const rows = [...this.#renamedBy(user), user];
    for (const row of rows) this.#decide(row);
    return { user, rows };
  }

  publish(users: readonly UserRow[]): void {
    for (const user of users) this.#published.set(user.userId as UserId, user);
  }

  /**
   * On GitHub a login belongs to one account at a time. So if somebody else arrives with a login, the account that had it
   * here has been renamed there; it must not be taken for its successor, least of all as an admin.
   */
  #renamedBy(user: UserRow): UserRow[] {
    if (user.provider !== 'github') return [];
    const previous = this.#gitHubLogins.get(user.login.toLowerCase());
    if (previous === undefined || previous.userId === user.userId) return [];
    const { userId, provider, subject, avatarUrl, createdAt } = previous;
    return [{ userId, provider, subject, login: `github:${subject}`, avatarUrl, createdAt }];
  }

  #decide(user: UserRow): void {
    const previous = this.#decided.get(keyOf(user));
    this.#decided.set(keyOf(user), user);
    if (user.provider !== 'github') return;
    if (previous !== undefined) this.#gitHubLogins.delete(previous.login.toLowerCase());
    this.#gitHubLogins.set(user.login.toLowerCase(), user);
  }
}

function keyOf({ provider, subject }: Pick<UserRow, 'provider' | 'subject'>): string {
  return `${provider}:${subject}`;
}
