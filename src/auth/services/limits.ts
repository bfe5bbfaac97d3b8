/** How many service accounts a server can have. */
export const SERVICE_ACCOUNTS_MAX = 1000;

/** How many owners a service account has when an administrator names them. */
export const OWNERS = { min: 1, max: 20 } as const;

const NAME_LENGTH_MAX = 100;

/**
 * The validation of names. There is no upper case, so that no two names differ in it alone. They stand in paths, so they begin with a
 * letter or a digit, and `..` is none.
 */
export const SERVICE_NAME = {
  minLength: 1,
  maxBytes: NAME_LENGTH_MAX,
  pattern: `^[a-z0-9][a-z0-9._-]{0,${NAME_LENGTH_MAX - 1}}$`,
  rule: `must be 1 to ${NAME_LENGTH_MAX} lower-case letters, digits, dots, underscores and hyphens, and begin with a letter or a digit`,
} as const;
