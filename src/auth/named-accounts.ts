import { Logger } from '@nestjs/common';
import { isOtherAccount } from '../config/account-names.js';
import { OctoStoreError } from '../errors/octostore-error.js';
import type { RowChanges } from '../journal/row-changes.js';
import type { LoginPinRow } from '../journal/rows/login-pin-row.js';
import { DurableMap } from '../store/durable-map.js';
import { NamedList } from './named-list.js';
import type { Identity } from './user-directory.js';

/** The accounts that each setting names. All of them are GitHub's, except some of `ADMIN_USERS`. */
export interface NamedIn {
  readonly ADMIN_USERS: readonly string[];
  readonly GITHUB_ALLOWED_USERS: readonly string[];
}

/**
 * The GitHub accounts that the configuration and the policy name, by numeric id or by login.
 *
 * After a rename, GitHub lets someone else take the old login. So a login permanently stands for the account that first used
 * it here: it is pinned to that account's numeric id.
 */
export class NamedAccounts {
  readonly #logger = new Logger(NamedAccounts.name);
  readonly #admins: NamedList;
  /** Administrators whose accounts are not GitHub's, such as `static:ops`. */
  readonly #otherAdmins: ReadonlySet<string>;
  readonly #allowed: NamedList;
  /** The logins that the policy names, in lower case. */
  #inPolicy: ReadonlySet<string> = new Set();
  /** The logins that are pinned to each account, by its numeric id. */
  readonly #loginsOf = new Map<string, Set<string>>();
  readonly #pins = new DurableMap<string, LoginPinRow>({
    put: (rows, pin) => rows.put('login_pins', pin),
    remove: (rows, { login }) => rows.remove('login_pins', login),
  });

  constructor(settings: NamedIn, pins: readonly LoginPinRow[]) {
    this.#admins = new NamedList(settings.ADMIN_USERS.filter((entry) => !isOtherAccount(entry)));
    this.#otherAdmins = new Set(settings.ADMIN_USERS.filter(isOtherAccount));
    this.#allowed = new NamedList(settings.GITHUB_ALLOWED_USERS);
    for (const pin of pins) {
      this.#pins.load(pin.login, pin);
      this.#enforce(pin);
    }
  }

  /** Logins that the policy names are treated as those of the configuration. They stay pinned when it no longer does. */
  nameInPolicy(logins: ReadonlySet<string>): void {
    this.#inPolicy = logins;
  }

  /** The logins that stand for a GitHub account: those that are pinned to it, and its own unless that is pinned to another one. */
  loginsOf({ subject, login }: Pick<Identity, 'subject' | 'login'>): string[] {
    const own = login.toLowerCase();
    const pinned = this.#loginsOf.get(subject) ?? [];
    return (this.#pinnedTo(own) ?? subject) === subject ? [...new Set([own, ...pinned])] : [...pinned];
  }

  /** Whether `ADMIN_USERS` names the account. */
  isAdmin({ provider, subject }: Pick<Identity, 'provider' | 'subject'>): boolean {
    return provider === 'github'
      ? this.#admins.hasSubject(subject)
      : this.#otherAdmins.has(`${provider}:${subject}`);
  }

  /** Whether `GITHUB_ALLOWED_USERS` names the account. */
  isAllowed({ subject, login }: Identity): boolean {
    if (this.#allowed.hasSubject(subject)) return true;
    const wanted = login.toLowerCase();
    return this.#allowed.hasLogin(wanted) && (this.#pinnedTo(wanted) ?? subject) === subject;
  }

  /** Throws `sign_in_not_allowed` if this login is pinned to another account. */
  assertNotTakenOver({ provider, subject, login }: Identity): void {
    if (provider !== 'github') return;
    const wanted = login.toLowerCase();
    const pinnedTo = this.#pinnedTo(wanted) ?? subject;
    if (pinnedTo === subject || !this.#isNamed(wanted) || this.#isNamedById(subject)) return;
    this.#logger.warn({
      message:
        'Refused a sign-in. The configuration or the policy names this login, but another GitHub account used it here first. ' +
        'If you mean the refused account, add it by its id to ADMIN_USERS or GITHUB_ALLOWED_USERS',
      login,
      refused: `id:${subject}`,
      pinnedTo: `id:${pinnedTo}`,
    });
    throw new OctoStoreError('sign_in_not_allowed', {
      details:
        `On this server, the login ${login} stands for another GitHub account. ` +
        `If it should stand for yours, ask the operator to add your account by its id: id:${subject}.`,
    });
  }

  /**
   * Pins the login to the account if the configuration names it and it has not been pinned yet. The pin is in force when
   * these rows are durable. Returns the new pin, or an empty list.
   */
  pin({ provider, subject, login }: Identity, nowMs: number, rows: RowChanges): LoginPinRow[] {
    if (provider !== 'github') return [];
    const wanted = login.toLowerCase();
    if (!this.#isNamed(wanted) || this.#pins.ahead.has(wanted)) return [];
    const pin: LoginPinRow = { login: wanted, subject, createdAt: nowMs };
    this.#pins.set(wanted, pin, rows);
    rows.onDurable(() => this.#enforce(pin));
    return [pin];
  }

  /** Logs which account a login stands for from now on. */
  logPins(pins: readonly LoginPinRow[]): void {
    for (const { login, subject } of pins) {
      this.#logger.log({
        message:
          'A login in the configuration or the policy is now pinned to this GitHub account, even if the account is renamed',
        login,
        account: `id:${subject}`,
      });
    }
  }

  /** The numeric id that a login is pinned to, whether or not the pin is durable yet. */
  #pinnedTo(login: string): string | undefined {
    return this.#pins.ahead.get(login)?.subject;
  }

  #enforce({ login, subject }: LoginPinRow): void {
    this.#admins.pin(login, subject);
    this.#allowed.pin(login, subject);
    this.#loginsOf.set(subject, (this.#loginsOf.get(subject) ?? new Set()).add(login));
  }

  #isNamed(login: string): boolean {
    return this.#admins.hasLogin(login) || this.#allowed.hasLogin(login) || this.#inPolicy.has(login);
  }

  #isNamedById(subject: string): boolean {
    return this.#admins.hasId(subject) || this.#allowed.hasId(subject);
  }
}
