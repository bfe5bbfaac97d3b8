import { randomUUID } from 'node:crypto';
import type { UserId } from '../core/model/ids.js';
import type { RowChanges } from '../journal/row-changes.js';
import type { UserRow } from '../journal/rows/user-row.js';
import { DurableMap } from '../store/durable-map.js';

/** The login that is shown for a holder whose account is unknown. */
const UNKNOWN_LOGIN = 'unknown';

/** How many deleted accounts are remembered. */
const RETIRED_MAX = 1000;

const RETIRED = 'deleted ';

/** A user's identity, as its source reports it. */
export interface Identity {
  readonly provider: UserRow['provider'];
  /** The source never changes it and never gives it to anyone else: GitHub's numeric id, or the configured name. */
  readonly subject: string;
  readonly login: string;
  readonly avatarUrl: string | null;
}

/** The accounts. Concurrent sign-ins of one user get the same account, and no one sees an account that a crash could undo. */
export class UserDirectory {
  readonly #users = new DurableMap<UserId, UserRow>({
    put: (rows, user) => rows.put('users', user),
    remove: (rows, { userId }) => rows.remove('users', userId),
  });
  /** The account of each identity, whether or not it is durable. */
  readonly #bySubject = new Map<string, UserRow>();
  /** The GitHub account with each login, by the login in lower case. */
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

  /** The login of an account, for display. */
  loginOf(userId: string): string {
    return this.user(userId as UserId)?.login ?? UNKNOWN_LOGIN;
  }

  /** The accounts with this login, ignoring case. */
  withLogin(login: string): Readonly<UserRow>[] {
    const wanted = login.toLowerCase();
    return [...this.all()].filter(({ login }) => login.toLowerCase() === wanted);
  }

  find(provider: UserRow['provider'], subject: string): UserRow | null {
    return this.#bySubject.get(keyOf({ provider, subject })) ?? null;
  }

  /** Finds or creates the account of an identity and updates it. The account is visible when these rows are durable. */
  decide(identity: Identity, nowMs: number, rows: RowChanges): UserRow {
    const user = this.#userOf(identity, nowMs);
    for (const changed of [...this.#renamedBy(user), user]) {
      this.#users.set(changed.userId as UserId, changed, rows);
      this.#index(changed);
    }
    return user;
  }

  /** Creates an account that is visible immediately and is not in the database. */
  makeProvisional(identity: Identity, nowMs: number): UserRow {
    const user = this.#userOf(identity, nowMs);
    this.#load(user);
    return user;
  }

  /**
   * Takes its name from an account that is being deleted, so that another one can have it. Its row is kept for a while: those who read of
   * its leases and events learn what it was called. No one can name it, because names have no spaces.
   */
  retire(userId: UserId, rows: RowChanges): void {
    const user = this.#users.ahead.get(userId);
    if (user === undefined) return;
    this.#bySubject.delete(keyOf(user));
    this.#users.set(userId, retired(user), rows);
    const [oldest, ...others] = [...this.#users.ahead.values()].filter(isRetired);
    if (oldest !== undefined && others.length >= RETIRED_MAX)
      this.#users.delete(oldest.userId as UserId, rows);
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
   * On GitHub a login belongs to one account at a time. So if another account signs in with a login, the account that had it
   * here has been renamed. It must not be confused with the new one, least of all as an admin.
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

/** Whether the account has been deleted. */
export function isRetired({ subject }: Pick<UserRow, 'subject'>): boolean {
  return subject.startsWith(RETIRED);
}

function retired(user: UserRow): UserRow {
  return { ...user, subject: `${RETIRED}${user.userId}`, login: `${user.login} (deleted)` };
}
