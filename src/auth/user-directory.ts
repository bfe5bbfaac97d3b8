import { randomUUID } from 'node:crypto';
import type { UserId } from '../core/model/ids.js';
import type { UserEntity } from '../store/entities/user.entity.js';

/** Who somebody is, as the place where the account comes from tells. */
export interface Identity {
  readonly provider: UserEntity['provider'];
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
  readonly #published = new Map<UserId, Readonly<UserEntity>>();
  readonly #decided = new Map<string, UserEntity>();
  /** The GitHub account that has a login, by the login in lower case. */
  readonly #gitHubLogins = new Map<string, UserEntity>();

  constructor(users: readonly UserEntity[]) {
    for (const user of users) this.#decide(user);
    this.publish(users);
  }

  get isEmpty(): boolean {
    return this.#decided.size === 0;
  }

  /** All accounts. */
  all(): IterableIterator<Readonly<UserEntity>> {
    return this.#published.values();
  }

  user(userId: UserId): Readonly<UserEntity> | null {
    return this.#published.get(userId) ?? null;
  }

  /** The accounts that are called so, in any case of letters. */
  withLogin(login: string): Readonly<UserEntity>[] {
    const wanted = login.toLowerCase();
    return [...this.#published.values()].filter(({ login }) => login.toLowerCase() === wanted);
  }

  find(provider: UserEntity['provider'], subject: string): UserEntity | null {
    return this.#decided.get(keyOf({ provider, subject })) ?? null;
  }

  /**
   * Decides on the account of an identity, which may be new or changed.
   *
   * @returns The account, and every row that must be durable before `publish` is called with the same rows.
   */
  decide(identity: Identity, nowMs: number): { user: UserEntity; rows: UserEntity[] } {
    const known = this.find(identity.provider, identity.subject);
    const user: UserEntity = {
      ...identity,
      userId: known?.userId ?? randomUUID(),
      createdAt: known?.createdAt ?? nowMs,
    };
    const rows = [...this.#renamedBy(user), user];
    for (const row of rows) this.#decide(row);
    return { user, rows };
  }

  publish(users: readonly UserEntity[]): void {
    for (const user of users) this.#published.set(user.userId as UserId, user);
  }

  /**
   * On GitHub a login belongs to one account at a time. So if somebody else arrives with a login, the account that had it
   * here has been renamed there; it must not be taken for its successor, least of all as an admin.
   */
  #renamedBy(user: UserEntity): UserEntity[] {
    if (user.provider !== 'github') return [];
    const previous = this.#gitHubLogins.get(user.login.toLowerCase());
    if (previous === undefined || previous.userId === user.userId) return [];
    const { userId, provider, subject, avatarUrl, createdAt } = previous;
    return [{ userId, provider, subject, login: `github:${subject}`, avatarUrl, createdAt }];
  }

  #decide(user: UserEntity): void {
    const previous = this.#decided.get(keyOf(user));
    this.#decided.set(keyOf(user), user);
    if (user.provider !== 'github') return;
    if (previous !== undefined) this.#gitHubLogins.delete(previous.login.toLowerCase());
    this.#gitHubLogins.set(user.login.toLowerCase(), user);
  }
}

function keyOf({ provider, subject }: Pick<UserEntity, 'provider' | 'subject'>): string {
  return `${provider}:${subject}`;
}
