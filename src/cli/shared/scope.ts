import { InvalidArgumentError, Option } from 'commander';
import type { TokenAction, TokenScope } from '@octostore/client';

const ACTIONS: readonly TokenAction[] = ['observe', 'acquire', 'break', 'administer'];

/** `--scope acquire:billing/*`, which may be repeated. */
export function scopeOption(): Option {
  return new Option(
    '--scope <action:pattern>',
    'what the token may do at most, such as acquire:billing/* or observe,break:*. Repeat it for more',
  ).argParser((text: string, before: readonly TokenScope[] | undefined) => addScope(text, before ?? []));
}

/** Scopes with the same actions become one grant with several patterns. */
function addScope(text: string, before: readonly TokenScope[]): readonly TokenScope[] {
  const { may, on } = parseScope(text);
  const key = keyOf(may);
  const same = before.find((grant) => keyOf(grant.may) === key);
  if (same === undefined) return [...before, { may, on }];
  return before.map((grant) => (grant === same ? { may, on: [...grant.on, ...on] } : grant));
}

/** Whether the pattern is valid is for the server to say. */
function parseScope(text: string): TokenScope {
  const colon = text.indexOf(':');
  if (colon === -1) throw new InvalidArgumentError('It must be ACTION:PATTERN, such as acquire:billing/*.');
  return { may: text.slice(0, colon).split(',').map(actionOf), on: [text.slice(colon + 1)] };
}

function actionOf(text: string): TokenAction {
  const action = ACTIONS.find((known) => known === text);
  if (action !== undefined) return action;
  throw new InvalidArgumentError(`"${text}" is not an action. Use ${ACTIONS.join(', ')}.`);
}

function keyOf(may: readonly TokenAction[]): string {
  return may.toSorted().join();
}

/** The scopes of a token, in the form of the option. Null if it has none. */
export function scopeText(scopes: readonly TokenScope[] | null): string | null {
  if (scopes === null) return null;
  return scopes.flatMap(({ may, on }) => on.map((pattern) => `${may.join()}:${pattern}`)).join(' ');
}
