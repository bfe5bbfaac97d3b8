import { LOCK_NAME_LENGTH_MAX } from '../../core/model/limits.js';
import { LOCK_NAME_PATTERN } from '../../core/model/lock-name.js';

/** The rules that `parseLockName` checks, for the API document. */
export const LOCK_NAME_SCHEMA = {
  type: 'string',
  pattern: LOCK_NAME_PATTERN,
  minLength: 1,
  maxLength: LOCK_NAME_LENGTH_MAX,
  example: 'service/leader',
} as const;
