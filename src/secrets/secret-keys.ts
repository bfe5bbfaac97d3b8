import { ConfigError, type Config } from '../config/config.js';
import { KEY_LENGTH_MIN, SHARED_SECRET_LENGTH_MIN } from '../config/key-rules.js';

/** The keys of an installation. There is more than one while the key is replaced. */
export interface SecretKeys {
  /** The one that encrypts. */
  readonly first: string;
  /** Those that the operator has listed. */
  readonly listed: readonly string[];
  /** All that may have encrypted what is stored. */
  readonly all: readonly string[];
}

type Settings = Pick<Config, 'SECRET_KEY' | 'DATABASE_URL'>;

/** The keys in `SECRET_KEY`. Null if it is not set. */
export function secretKeysOf(settings: Settings): SecretKeys | null {
  const { SECRET_KEY: text } = settings;
  return text === undefined ? null : secretKeysIn(text, secretLengthMin(settings));
}

/** The same for servers on one PostgreSQL database, which need keys. Throws `ConfigError` if there is none. */
export function sharedSecretKeysOf(settings: Settings): SecretKeys {
  const keys = secretKeysOf(settings);
  if (keys !== null) return keys;
  throw new ConfigError(['SECRET_KEY: must be set, because DATABASE_URL is a PostgreSQL database']);
}

/** The least number of characters in each key. */
export function secretLengthMin({ DATABASE_URL: { engine } }: Pick<Settings, 'DATABASE_URL'>): number {
  return engine === 'postgres' ? SHARED_SECRET_LENGTH_MIN : KEY_LENGTH_MIN;
}

/**
 * Several keys are separated by commas. A text with a part that is too short for a key is one key with a comma in it. If all parts are long
 * enough, it may still be one key of an earlier version, so it also decrypts as a whole.
 */
export function secretKeysIn(text: string, lengthMin: number): SecretKeys {
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const [first] = parts;
  if (first === undefined || parts.some((part) => part.length < lengthMin)) return oneKey(text);
  const listed = [...new Set(parts)];
  return { first, listed, all: [...new Set([...listed, text])] };
}

export function oneKey(key: string): SecretKeys {
  return { first: key, listed: [key], all: [key] };
}

/** The same keys, and one more that may have encrypted what is stored. */
export function withFormerKey({ first, listed, all }: SecretKeys, key: string): SecretKeys {
  return { first, listed, all: [...new Set([...all, key])] };
}

/** Whether a text that looks like a list is one key, because a part of it is too short. */
export function isKeyWithComma(settings: Settings): boolean {
  const keys = secretKeysOf(settings);
  return keys !== null && keys.first.includes(',');
}
