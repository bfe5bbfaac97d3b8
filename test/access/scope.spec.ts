import { expect, test } from 'vitest';
import { Access } from '../../src/access/access.js';
import { Scopes } from '../../src/access/scope/scopes.js';
import { ACTIONS } from '../../src/access/policy/rights.js';
import type { FenceName } from '../../src/core/model/fence.js';
import type { UserId } from '../../src/core/model/ids.js';
import { openAccess, policyOf } from '../support/access.js';

const userId = 'user-1' as UserId;
const scopes = new Scopes();
const narrow = { userId, scope: scopes.of([{ may: ['acquire'], on: ['billing/*'] }]) };
const covered = { lockName: 'billing/nightly' };
const other = { lockName: 'search/index' };

function accessOf(grants: string): Access {
  const account = { provider: 'static', subject: 'ci', login: 'ci' } as const;
  const access = new Access({ user: () => account, loginsOf: () => [] });
  access.enforce(policyOf(`grants: ${grants}`), 0);
  return access;
}

test('without a policy, scopes narrow what every user may do, and add nothing to it', () => {
  const access = openAccess();
  expect(access.may(narrow, 'acquire', covered)).toBe(true);
  expect(access.may(narrow, 'observe', covered)).toBe(true);
  expect(access.may(narrow, 'acquire', other)).toBe(false);
  expect(access.may(narrow, 'advance_fence', { fenceName: 'search/index' as FenceName })).toBe(false);
  const all = { userId, scope: scopes.of([{ may: [...ACTIONS], on: ['*'] }]) };
  expect(access.may(all, 'break', covered)).toBe(false);
  expect(access.may(all, 'acquire', covered)).toBe(true);
});

test('with a policy, an action must be granted and in scope', () => {
  const access = accessOf('[{ to: [static:ci], may: [observe], on: ["*"] }]');
  expect(access.may(narrow, 'observe', covered)).toBe(true);
  expect(access.may(narrow, 'acquire', covered)).toBe(false);
  expect(access.may(narrow, 'observe', other)).toBe(false);
});

test('the error says whether the scopes or the grants lack the permission', () => {
  const access = accessOf('[{ to: [static:ci], may: [observe], on: ["*"] }]');
  expect(() => access.assertMay(narrow, 'acquire', covered)).toThrow(
    expect.objectContaining({
      code: 'forbidden',
      details: expect.stringMatching(/^No grant lets you acquire/) as string,
    }),
  );
  expect(() => access.assertMay(narrow, 'observe', other)).toThrow(
    expect.objectContaining({
      code: 'forbidden',
      details: 'The scopes of your token do not let it observe the lock "search/index". Use another token.',
    }),
  );
});

test('equal scopes are shared, and more of them than are kept are still right', () => {
  const text = '[{"may":["acquire"],"on":["shared/*"]}]';
  expect(scopes.read(text)).toBe(scopes.of([{ may: ['acquire'], on: ['shared/*'] }]));
  const many = Array.from({ length: 1_200 }, (_, index) =>
    scopes.of([{ may: ['acquire'], on: [`s${index}/*`] }]),
  );
  for (const round of [0, 1]) {
    for (const [index, scope] of many.entries()) {
      expect([scope?.allows('acquire', `s${index}/${round}`), scope?.allows('acquire', 'other')]).toEqual([
        true,
        false,
      ]);
    }
  }
});

test.each([
  '',
  'null',
  '{}',
  '[{"may":["acquire"]}]',
  '[{"may":["fly"],"on":["*"]}]',
  '[{"may":["acquire"],"on":["*"],"x":1}]',
])('stored scopes that cannot be read allow nothing: %s', (stored) => {
  expect(scopes.read(stored)?.allows('observe', 'a')).toBe(false);
});
