import { randomUUID } from 'node:crypto';
import type { UserId } from '../core/model/ids.js';
import type { RowChanges } from '../journal/row-changes.js';
import type { UserRow } from '../journal/rows/user-row.js';
import { DurableMap } from '../store/durable-map.js';

/** How a holder is called whose account is unknown. */
const UNKNOWN_LOGIN = 'unknown';

/** Who somebody is, as the place where the account comes from tells. */
export interface Identity {
  readonly provider: UserRow['provider'];
  /** Never changes there and is never given to anybody else: GitHub's numeric id, or the configured name. */
  readonly subject: string;
  readonly login: string;
  readonly avatarUrl: string | null;
}

/** The accounts. Two sign-ins at the same time agree on one account, and nobody is shown one that a crash could undo. */
export class UserDirectory {
  readonly #users = new DurableMap<UserId, UserRow>({
    put: (rows, user) => rows.put('users', user),
    remove: (rows, { userId }) => rows.remove('users', userId),
  });
  /** The account of each identity, whether it is durable or not. */
  readonly #bySubject = new Map<string, UserRow>();
  /** The GitHub account that has a login, by the login in lower case. */
  readonly #gitHubLogins = new Map<string, UserRow>();

  constructor(users: readonly UserRow[]) {
    for (const user of users) this.#load(user);
  }

  get isEmpty(): boolean {
    return this.#users.ahead.size === 0;
  }

  /** All accounts. */
  all(): Iterable<Readonly<UserRow>> {
    return this.#users.durable.values();
  }

  user(userId: UserId): Readonly<UserRow> | null {
    return this.#users.durable.get(userId) ?? null;
  }

  /** How the account is called, for people. */
  loginOf(userId: string): string {
    return this.user(userId as UserId)?.login ?? UNKNOWN_LOGIN;
  }

  /** The accounts that are called so, in any case of letters. */
  withLogin(login: string): Readonly<UserRow>[] {
    const wanted = login.toLowerCase();
    return [...this.all()].filter(({ login }) => login.toLowerCase() === wanted);
  }

  find(provider: UserRow['provider'], subject: string): UserRow | null {
    return this.#bySubject.get(keyOf({ provider, subject })) ?? null;
  }

  /** Decides on the account of an identity, which may be new or changed. It is there when these rows are durable. */
  decide(identity: Identity, nowMs: number, rows: RowChanges): UserRow {
    const user = this.#userOf(identity, nowMs);
    for (const changed of [...this.#renamedBy(user), user]) {
      this.#users.set(changed.userId as UserId, changed, rows);
      this.#index(changed);
    }
    return user;
  }

  /** Makes an account that is there at once and stands in no database. */
  makeProvisional(identity: Identity, nowMs: number): UserRow {
    const user = this.#userOf(identity, nowMs);
    this.#load(user);
    return user;
  }

  #load(user: UserRow): void {
    this.#users.load(user.userId as UserId, user);
    this.#index(user);
  }

  #userOf(identity: Identity, nowMs: number): UserRow {
    const known = this.find(identity.provider, identity.subject);
    return {
      ...identity,
      userId: known?.userId ?? randomUUID(),
      createdAt: known?.createdAt ?? nowMs,
    };
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

  #index(user: UserRow): void {
    const previous = this.#bySubject.get(keyOf(user));
    this.#bySubject.set(keyOf(user), user);
    if (user.provider !== 'github') return;
    if (previous !== undefined) this.#gitHubLogins.delete(previous.login.toLowerCase());
    this.#gitHubLogins.set(user.login.toLowerCase(), user);
  }
}

function keyOf({ provider, subject }: Pick<UserRow, 'provider' | 'subject'>): string {
  return `${provider}:${subject}`;
}
