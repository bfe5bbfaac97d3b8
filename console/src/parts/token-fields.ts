import type { Scope } from '../api/schemas';
import type { Field, Values } from './fields';

const RIGHTS = ['observe', 'acquire', 'break', 'administer'] as const;

/** What is asked for a new token. */
export const TOKEN_FIELDS: readonly Field[] = [
  {
    name: 'label',
    label: 'Label',
    isRequired: true,
    maxLength: 64,
    hint: 'To tell it from the others, such as laptop.',
  },
  {
    name: 'seconds',
    label: 'Lasts',
    kind: 'choice',
    isRequired: true,
    initial: '2592000',
    options: [
      { value: '3600', label: '1 hour' },
      { value: '86400', label: '1 day' },
      { value: '604800', label: '7 days' },
      { value: '2592000', label: '30 days' },
      { value: '7776000', label: '90 days' },
      { value: '', label: 'Until it is revoked' },
    ],
  },
  {
    name: 'may',
    label: 'May',
    kind: 'choices',
    options: RIGHTS.map((value) => ({ value, label: value })),
    hint: 'If you choose none, it may do everything that its owner may.',
  },
  {
    name: 'on',
    label: 'On these locks',
    hint: 'Patterns with commas in between, such as deploy/*. All locks if left out.',
  },
];

/** The limits of a token, as the API wants them. */
export function tokenLimits({ seconds = '', may = '', on = '' }: Values): {
  expires_in_seconds?: number;
  scopes?: Scope[];
} {
  const rights = RIGHTS.filter((right) => may.split(',').includes(right));
  const patterns = on
    .split(',')
    .map((pattern) => pattern.trim())
    .filter((pattern) => pattern !== '');
  return {
    ...(seconds === '' ? {} : { expires_in_seconds: Number(seconds) }),
    ...(rights.length === 0
      ? {}
      : { scopes: [{ may: rights, on: patterns.length === 0 ? ['*'] : patterns }] }),
  };
}
