import { ACCOUNT_ID_PREFIX } from '../config/account-names.js';

/** The list of GitHub accounts in one setting: logins, and numeric ids such as `id:1234`. */
export class NamedList {
  /** In lower case. */
  readonly #logins = new Set<string>();
  readonly #ids = new Set<string>();
  /** The numeric ids that the entries stand for: the listed ids, and those that the listed logins are pinned to. */
  readonly #subjects = new Set<string>();

  constructor(entries: readonly string[]) {
    for (const entry of entries) this.#add(entry);
  }

  hasLogin(login: string): boolean {
    return this.#logins.has(login);
  }

  /** Whether the list itself contains this id. */
  hasId(subject: string): boolean {
    return this.#ids.has(subject);
  }

  /** Whether the list contains this id, or a login that is pinned to it. */
  hasSubject(subject: string): boolean {
    return this.#subjects.has(subject);
  }

  /** Records the account that a login is pinned to. */
  pin(login: string, subject: string): void {
    if (this.#logins.has(login)) this.#subjects.add(subject);
  }

  #add(entry: string): void {
    if (!entry.startsWith(ACCOUNT_ID_PREFIX)) {
      this.#logins.add(entry.toLowerCase());
      return;
    }
    const id = entry.slice(ACCOUNT_ID_PREFIX.length);
    this.#ids.add(id);
    this.#subjects.add(id);
  }
}
