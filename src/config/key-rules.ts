/** Characters that a key must have, so that nobody guesses it. */
export const KEY_LENGTH_MIN = 16;

/** Shorter admin keys of installations that exist are taken until the next release, but not these. */
export const ADMIN_KEY_LENGTH_MIN_FOR_NOW = 8;

/** Characters that a token in the configuration should have. The next release refuses shorter ones. */
export const STATIC_TOKEN_LENGTH_MIN = 20;

/** How to make a key or a token that nobody guesses. */
export const HOW_TO_MAKE_ONE = 'make one with "openssl rand -hex 32"';

/** The rule, to follow the name of a setting in a sentence. */
export const KEY_RULE = `must have at least ${KEY_LENGTH_MIN} characters in each key: ${HOW_TO_MAKE_ONE}`;
