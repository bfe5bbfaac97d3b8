import { InvalidArgumentError, Option } from 'commander';
import { isLockPattern } from '../../access/patterns/lock-pattern.js';
import { ACTIONS, type PolicyAction } from '../../access/policy/rights.js';
import type { ScopeGrant } from '../../access/scope/scope-grants.js';

/** `--scope acquire:billing/*`, which may be repeated. */
export function scopeOption(): Option {
  return new Option(
    '--scope <action:pattern>',
    'what the token may do at most, such as acquire:billing/* or observe,break:*. Repeat it for more',
  ).argParser((text: string, before: readonly ScopeGrant[] | undefined) => addScope(text, before ?? []));
}

/** Scopes with the same actions become one grant with several patterns. */
function addScope(text: string, before: readonly ScopeGrant[]): readonly ScopeGrant[] {
  const { may, on } = parseScope(text);
  const key = keyOf(may);
  const same = before.find((grant) => keyOf(grant.may) === key);
  if (same === undefined) return [...before, { may, on }];
  return before.map((grant) => (grant === same ? { may, on: [...grant.on, ...on] } : grant));
}

function parseScope(text: string): ScopeGrant {
  const colon = text.indexOf(':');
  if (colon === -1) throw new InvalidArgumentError('It must be ACTION:PATTERN, such as acquire:billing/*.');
  const pattern: unknown = text.slice(colon + 1);
  if (!isLockPattern(pattern)) {
    throw new InvalidArgumentError(
      `"${text.slice(colon + 1)}" is not a lock pattern. Use the characters of lock names, and the wildcards * and ?.`,
    );
  }
  return { may: text.slice(0, colon).split(',').map(actionOf), on: [pattern] };
}

function actionOf(text: string): PolicyAction {
  const action = ACTIONS.find((known) => known === text);
  if (action !== undefined) return action;
  throw new InvalidArgumentError(`"${text}" is not an action. Use ${ACTIONS.join(', ')}.`);
}

function keyOf(may: readonly PolicyAction[]): string {
  return may.toSorted().join();
}

interface Shown {
  readonly may: readonly string[];
  readonly on: readonly string[];
}

/** The scopes of a token, in the form of the option. Null if it has none. */
export function scopeText(scopes: readonly Shown[] | null): string | null {
  if (scopes === null) return null;
  return scopes.flatMap(({ may, on }) => on.map((pattern) => `${may.join()}:${pattern}`)).join(' ');
}
