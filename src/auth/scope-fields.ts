import { ApiProperty } from '@nestjs/swagger';
import {
  isLockPattern,
  LOCK_PATTERN_LENGTH_MAX,
  LOCK_PATTERN_SHAPE,
} from '../access/patterns/lock-pattern.js';
import { ACTIONS, type PolicyAction } from '../access/policy/rights.js';
import { SCOPE_GRANTS_MAX, SCOPE_PATTERNS_MAX, type ScopeGrant } from '../access/scope/scope-grants.js';
import { ListField, ValuesField } from '../http/input/fields.js';

/** A grant in the scopes of a token. */
export class ScopeBody implements ScopeGrant {
  @ValuesField(
    { type: 'string', enum: [...ACTIONS] },
    (value) => ACTIONS.some((action) => action === value),
    { min: 1, max: ACTIONS.length },
    {
      description:
        'What the token may do, if its owner may. `acquire`, `break` and `administer` imply `observe`, and `administer` implies `break`.',
      example: ['acquire'],
    },
  )
  may!: PolicyAction[];

  @ValuesField(
    { type: 'string', pattern: LOCK_PATTERN_SHAPE, minLength: 1, maxLength: LOCK_PATTERN_LENGTH_MAX },
    isLockPattern,
    { min: 1, max: SCOPE_PATTERNS_MAX },
    {
      description: 'On which locks, as lock patterns, and on the fences with such names.',
      example: ['billing/*'],
    },
  )
  on!: string[];
}

/** The scopes of a token to create. */
export const ScopesField = (): PropertyDecorator =>
  ListField(
    ScopeBody,
    { min: 1, max: SCOPE_GRANTS_MAX },
    {
      description:
        'What the token may do at most, of what its owner may do. If left out, it may do as much as its owner, or as the token with ' +
        'which you create it.',
      optional: true,
    },
  );

/** The scopes of a token. */
export const ApiScopes = (): PropertyDecorator =>
  ApiProperty({
    description: 'What the token may do at most. Null if it may do as much as its owner.',
    type: [ScopeBody],
    nullable: true,
  });
