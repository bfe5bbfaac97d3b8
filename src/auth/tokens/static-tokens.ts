import { ConfigError, type Config } from '../../config/config.js';
import { readText } from '../../config/text-file.js';
import { STATIC_TOKEN_LENGTH_MIN } from '../../config/key-rules.js';
import {
  hashToken,
  hasValidChecksum,
  TOKEN_LENGTH_MAX,
  TOKEN_PREFIX,
  type TokenHash,
} from './token-format.js';

/** The configured tokens of users. The tokens themselves are not kept, only their hashes. */
export class StaticTokens {
  readonly #users: ReadonlyMap<TokenHash, string>;
  readonly #names: ReadonlySet<string>;
  /** The names of users who have a token that is shorter than recommended. */
  readonly usersWithShortTokens: ReadonlySet<string>;

  private constructor(users: ReadonlyMap<TokenHash, string>, usersWithShortTokens: ReadonlySet<string>) {
    this.#users = users;
    this.usersWithShortTokens = usersWithShortTokens;
    this.#names = new Set(users.values());
  }

  /**
   * Reads and merges `STATIC_TOKENS` and the file that `STATIC_TOKENS_FILE` names. Throws `ConfigError` with every violation.
   * It names their positions and never their values.
   */
  static fromConfig(config: Pick<Config, 'STATIC_TOKENS' | 'STATIC_TOKENS_FILE'>): StaticTokens {
    const violations: string[] = [];
    const entries = [
      ...entriesOf(config.STATIC_TOKENS ?? ''),
      ...linesOf(config.STATIC_TOKENS_FILE, violations),
    ];
    const users = new Map<TokenHash, string>();
    const usersWithShortTokens = new Set<string>();
    for (const entry of entries) {
      const problem = addTo(users, usersWithShortTokens, entry.text);
      if (problem !== null) violations.push(`${entry.place}: ${problem}`);
    }
    if (violations.length > 0) throw new ConfigError(violations);
    return new StaticTokens(users, usersWithShortTokens);
  }

  get isEmpty(): boolean {
    return this.#users.size === 0;
  }

  /** The names of the users, each once. */
  get names(): ReadonlySet<string> {
    return this.#names;
  }

  has(tokenHash: TokenHash): boolean {
    return this.#users.has(tokenHash);
  }

  /** The name of the user whose token has this hash, or null if there is no such token. */
  nameOf(tokenHash: string): string | null {
    return this.#users.get(tokenHash as TokenHash) ?? null;
  }

  /** The hashes of the tokens, with the names of their users. */
  entries(): Iterable<[TokenHash, string]> {
    return this.#users.entries();
  }
}

interface Entry {
  /** Its position, for messages. */
  readonly place: string;
  readonly text: string;
}

/**
 * The names that configured and local users may have, as a pattern for Unicode text: no white space and no invisible
 * characters. Characters that this version of Unicode does not define yet are allowed.
 */
export const USER_NAME_CHARACTERS = String.raw`[^\s,:\p{Cc}\p{Cf}\p{Cs}]{1,100}`;

/**
 * The same pattern for the API document, in syntax that the regular expressions of all languages support. It does not exclude
 * the invisible characters beyond Latin-1.
 */
export const DOCUMENTED_USER_NAME = String.raw`[^\x00-\x20,:\x7f-\xa0\xad]{1,100}`;

const USER_NAME = new RegExp(`^${USER_NAME_CHARACTERS}$`, 'u');

const TOKEN = /^[\x21-\x2b\x2d-\x7e]+$/;

function entriesOf(list: string): Entry[] {
  return list
    .split(/[,\r\n]/)
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .map((text, index) => ({ place: `STATIC_TOKENS: entry ${index + 1}`, text }));
}

function linesOf(path: string | undefined, violations: string[]): Entry[] {
  if (path === undefined) return [];
  const text = textOf(path);
  if (text === null) {
    violations.push('STATIC_TOKENS_FILE: the file cannot be read. Check its path and permissions');
    return [];
  }
  return text
    .split('\n')
    .map((line, index) => ({ line: line.trim(), place: `STATIC_TOKENS_FILE: line ${index + 1}` }))
    .filter(({ line }) => !line.startsWith('#'))
    .flatMap(({ line, place }) => entriesOf(line).map(({ text: entry }) => ({ place, text: entry })));
}

function textOf(path: string): string | null {
  try {
    return readText(path);
  } catch {
    return null;
  }
}

/** Returns the problem with the entry, or null. */
function addTo(
  users: Map<TokenHash, string>,
  usersWithShortTokens: Set<string>,
  text: string,
): string | null {
  const colon = text.indexOf(':');
  const user = text.slice(0, Math.max(colon, 0));
  const token = text.slice(colon + 1);
  if (colon === -1 || user === '' || token === '') return 'must be user:token';
  if (!USER_NAME.test(user))
    return 'the user must have at most 100 characters and no white space or invisible characters';
  if (!TOKEN.test(token)) return 'the token must consist of visible ASCII characters without a comma';
  if (token.length > TOKEN_LENGTH_MAX) return `the token must have at most ${TOKEN_LENGTH_MAX} characters`;
  if (token.startsWith(TOKEN_PREFIX) && !hasValidChecksum(token)) {
    return `the token begins with ${TOKEN_PREFIX} but is not one that OctoStore made, so it would be rejected as a typo`;
  }
  const tokenHash = hashToken(token);
  const other = users.get(tokenHash);
  if (other !== undefined && other !== user) return 'the token already belongs to another user';
  users.set(tokenHash, user);
  if (token.length < STATIC_TOKEN_LENGTH_MIN) usersWithShortTokens.add(user);
  return null;
}
