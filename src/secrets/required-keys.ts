import { ConfigError } from '../config/config.js';
import { matchesSecretCheck, secretCheckOf } from './secret-check.js';
import type { SecretKeys } from './secret-keys.js';

/** Between the checks of several keys. */
const SEPARATOR = ' ';

const OTHER_KEY =
  'SECRET_KEY: is not the key of the other servers on this database, or not the one that was used before. Set that one. ' +
  'If it is lost, see "A lost SECRET_KEY" in docs/postgres.md';

const KEY_MISSING =
  'SECRET_KEY: lacks a key that the other servers have. Until everything is encrypted with the new key, every server needs both of them, ' +
  'such as new,old. See "Replace the SECRET_KEY" in docs/teams.md';

/** The check of one key that is required. */
interface Requirement {
  readonly check: string;
  /** The key of this server that the check recognizes. Null if it has none. */
  readonly key: string | null;
}

/** With which keys the secrets in a database are encrypted, as far as this server knows the keys. */
export type Encryption =
  /** No server has used the database yet, or it was told to forget the key. */
  | 'unknown'
  /** With the first key. The others are no longer needed. */
  | 'first'
  /** With another key of this server. The next leader that has another first key encrypts them again. */
  | 'former'
  /** With several keys, because a server is encrypting them again. */
  | 'changing'
  /** With a key that this server lacks. */
  | 'missing';

/**
 * The keys that every server on a database must have, because something in it may be encrypted with them. The database stores a check of each,
 * from which it cannot be told.
 */
export class RequiredKeys {
  /** Checks are slow on purpose, and a leader needs the same answer again. */
  readonly #known = new Map<string, Promise<string | null>>();

  constructor(private readonly keys: SecretKeys) {}

  /** What a database stores that no server has used. */
  async initial(): Promise<string> {
    return joined(await Promise.all(this.keys.listed.map(secretCheckOf)));
  }

  /** Throws `ConfigError` if this server lacks a key that is required. */
  async assertHasAll(stored: string): Promise<void> {
    const required = await this.#requirementsIn(stored);
    if (required.every(({ key }) => key === null)) throw new ConfigError([OTHER_KEY]);
    if (required.some(({ key }) => key === null)) throw new ConfigError([KEY_MISSING]);
  }

  /** What to store before anything is encrypted with the first key: it is required, in addition to what has been. */
  async withFirst(stored: string): Promise<string> {
    const required = await this.#requirementsIn(stored);
    const { first } = this.keys;
    const checks = required.map(({ check }) => check);
    return required.some(({ key }) => key === first)
      ? stored
      : joined([...checks, await secretCheckOf(first)]);
  }

  /** What to store once everything is encrypted with the first key: no other is required. */
  async onlyFirst(stored: string): Promise<string> {
    const required = await this.#requirementsIn(stored);
    const own = required.find(({ key }) => key === this.keys.first);
    return own?.check ?? secretCheckOf(this.keys.first);
  }

  async encryptionBy(stored: string | null): Promise<Encryption> {
    if (stored === null) return 'unknown';
    const required = await this.#requirementsIn(stored);
    if (required.some(({ key }) => key === null)) return 'missing';
    if (required.length > 1) return 'changing';
    return required[0]?.key === this.keys.first ? 'first' : 'former';
  }

  #requirementsIn(stored: string): Promise<Requirement[]> {
    return Promise.all(
      stored.split(SEPARATOR).map(async (check) => ({ check, key: await this.#keyOf(check) })),
    );
  }

  #keyOf(check: string): Promise<string | null> {
    const known = this.#known.get(check) ?? this.#find(check);
    this.#known.set(check, known);
    return known;
  }

  async #find(check: string): Promise<string | null> {
    for (const key of this.keys.all) if (await matchesSecretCheck(check, key)) return key;
    return null;
  }
}

function joined(checks: readonly string[]): string {
  return checks.join(SEPARATOR);
}
