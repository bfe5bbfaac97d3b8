/** The least number of characters in a key, so that no one can guess it. */
export const KEY_LENGTH_MIN = 16;

/** The least number of characters in `SECRET_KEY` if the database is PostgreSQL. */
export const SHARED_SECRET_LENGTH_MIN = 32;

/** Existing installations may keep shorter admin keys until the next release, but none shorter than this. */
export const ADMIN_KEY_LENGTH_MIN_FOR_NOW = 8;

/** The least number of characters that a token in the configuration should have. The next release refuses shorter ones. */
export const STATIC_TOKEN_LENGTH_MIN = 20;

/** The command that makes a key or a token that no one can guess. */
export const KEY_COMMAND = '"openssl rand -hex 32"';

/** The rule, as the rest of a sentence that begins with the name of a setting. */
export const KEY_RULE = `must have at least ${KEY_LENGTH_MIN} characters in each key. Make one with ${KEY_COMMAND}`;
