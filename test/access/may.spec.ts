import { expect, test } from 'vitest';
import { Access, type Account } from '../../src/access/access.js';
import type { FenceName } from '../../src/core/model/fence.js';
import type { UserId } from '../../src/core/model/ids.js';
import { Scopes } from '../../src/access/scope/scopes.js';
import { openAccess, policyOf } from '../support/access.js';

const ada = { userId: 'user-1' as UserId, scope: null };
const stranger = { userId: 'user-2' as UserId, scope: null };
const lock = { lockName: 'billing/nightly' };
const fence = { fenceName: 'billing/nightly' as FenceName };

function accessOfAda(account: Account = { provider: 'github', subject: '1', login: 'Ada' }): Access {
  return new Access({
    user: (userId) => (userId === ada.userId ? account : null),
    loginsOf: ({ login }) => [login],
  });
}

test('without a policy, every signed-in user may observe and acquire everything, and no one else may break or administer', () => {
  const access = openAccess();
  expect([access.may(ada, 'observe', lock), access.may(ada, 'acquire', lock)]).toEqual([true, true]);
  expect([access.may(ada, 'observe_fence', fence), access.may(ada, 'advance_fence', fence)]).toEqual([
    true,
    true,
  ]);
  expect([access.may(ada, 'break', lock), access.may(ada, 'delete_fence', fence)]).toEqual([false, false]);
  expect(access.limitsOf(ada.userId)).toEqual({});
});

test.each([
  ['observe', [true, false, false, true, false, false]],
  ['acquire', [true, true, false, true, true, false]],
  ['break', [true, false, true, true, false, false]],
  ['administer', [true, false, true, true, false, true]],
])('a grant of %s allows what it implies', (action, expected) => {
  const access = accessOfAda();
  access.enforce(policyOf(`grants: [{ to: [github:ada], may: [${action}], on: [billing/*] }]`), 0);
  expect([
    access.may(ada, 'observe', lock),
    access.may(ada, 'acquire', lock),
    access.may(ada, 'break', lock),
    access.may(ada, 'observe_fence', fence),
    access.may(ada, 'advance_fence', fence),
    access.may(ada, 'delete_fence', fence),
  ]).toEqual(expected);
  expect(access.may(ada, 'observe', { lockName: 'billing' })).toBe(false);
});

test('an administrator observes what no grant shows, but not with a token that has scopes, and acquires only what is granted', () => {
  const access = new Access({
    user: () => ({ provider: 'static', subject: 'ada', login: 'ada' }),
    loginsOf: () => [],
    isAdministrator: ({ subject }) => subject === 'ada',
  });
  access.enforce(policyOf('grants: [{ to: [static:bob], may: [acquire], on: ["*"] }]'), 0);
  expect([access.may(ada, 'observe', lock), access.may(ada, 'observe_fence', fence)]).toEqual([true, true]);
  expect([access.may(ada, 'acquire', lock), access.may(ada, 'break', lock)]).toEqual([false, false]);
  const scope = new Scopes().of([{ may: ['observe'], on: ['*'] }]);
  expect(access.may({ ...ada, scope }, 'observe', lock)).toBe(false);
});

test('what no grant allows is forbidden, and the error says what is missing', () => {
  const access = accessOfAda();
  access.enforce(policyOf('grants: [{ to: [github:ada], may: [observe], on: ["*"] }]'), 0);
  expect(() => access.assertMay(ada, 'observe', lock)).not.toThrow();
  expect(() => access.assertMay(ada, 'acquire', lock)).toThrow(
    expect.objectContaining({
      code: 'forbidden',
      details:
        'No grant lets you acquire the lock "billing/nightly". Ask an administrator of this server for one.',
    }),
  );
  expect(() => access.assertMay(ada, 'advance_fence', fence)).toThrow(
    expect.objectContaining({ details: expect.stringContaining('the fence "billing/nightly"') as string }),
  );
});

test('a user without an account may do nothing, even what everyone may do', () => {
  const access = accessOfAda();
  access.enforce(policyOf('grants: [{ to: [everyone], may: [acquire], on: ["*"] }]'), 0);
  expect([access.may(ada, 'acquire', lock), access.may(stranger, 'acquire', lock)]).toEqual([true, false]);
});

test('a change of the account counts at once', () => {
  let account: Account = { provider: 'github', subject: '1', login: 'ada' };
  const access = new Access({ user: () => account, loginsOf: ({ login }) => [login] });
  access.enforce(policyOf('grants: [{ to: [github:ada], may: [observe], on: ["*"] }]'), 0);
  expect(access.may(ada, 'observe', lock)).toBe(true);
  account = { provider: 'github', subject: '1', login: 'grace' };
  expect(access.may(ada, 'observe', lock)).toBe(false);
});

test('the limits of the most specific subject win, one by one', () => {
  const access = accessOfAda();
  const quotas = `quotas:
  - { for: [github:id:1], waiters: 5 }
  - { for: [everyone], locks: 1, sessions: 2, waiters: 3 }
  - { for: [github:ADA], locks: 4, waiters: 4 }`;
  access.enforce(policyOf(`grants: [{ to: [everyone], may: [observe], on: ["*"] }]\n${quotas}`), 0);
  expect(access.limitsOf(ada.userId)).toEqual({ locks: 4, sessions: 2, waiters: 5 });
});

test('a change says whom it affects', () => {
  const access = accessOfAda();
  const affected: boolean[] = [];
  access.onChange((change) => affected.push(change.affects(ada.userId)));
  const grants = (...list: string[]): string => `grants: [${list.join()}]`;
  const [own, everyones] = [
    '{ to: [github:ada], may: [acquire], on: [a, b] }',
    '{ to: [everyone], may: [observe], on: [c] }',
  ];
  access.enforce(policyOf(grants(own, everyones)), 0);
  access.enforce(
    policyOf(grants(everyones, '{ to: [github:id:1], may: [acquire, observe], on: [b, a] }')),
    0,
  );
  access.enforce(policyOf(grants(own, everyones, '{ to: [static:ci], may: [acquire], on: [d] }')), 0);
  access.enforce(policyOf(grants(everyones)), 0);
  access.enforce(null, 0);
  access.enforce(null, 0);
  expect(affected).toEqual([true, false, false, true, true, false]);
});

const ADA = 'ada' as UserId;

test('it is known whether the policy has changed since an event', () => {
  const access = accessOfAda();
  expect(access.hasChangedSince(0, ADA)).toBe(false);
  access.enforce(null, 7);
  expect([access.hasChangedSince(7, ADA), access.hasChangedSince(8, ADA)]).toEqual([true, false]);
});

test('the groups of a user count from the moment they change, and what waits is judged again', () => {
  let groups = ['group:dev'];
  const account = { provider: 'oidc', subject: 'https://issuer.example:1', login: 'ada' } as const;
  const access = new Access({
    user: () => account,
    loginsOf: () => [],
    groupsOf: () => groups,
    groupsChangedAfter: () => 9,
  });
  const affected: boolean[] = [];
  access.onChange((change) => affected.push(change.affects(ADA), change.affects('bob' as UserId)));
  const mayAcquire = (): boolean => access.may({ userId: ADA, scope: null }, 'acquire', { lockName: 'a' });
  const regroup = (next: string[]): void => {
    const finish = access.beginRegrouping(ADA);
    groups = next;
    finish();
  };
  regroup(['group:ops']);
  expect([affected, access.hasChangedSince(9, ADA)]).toEqual([[], false]);
  access.enforce(policyOf('grants: [{ to: [group:ops], may: [acquire], on: [a] }]'), 3);
  expect([mayAcquire(), access.hasChangedSince(9, ADA), access.hasChangedSince(10, ADA)]).toEqual([
    true,
    true,
    false,
  ]);
  affected.length = 0;
  regroup(['group:dev']);
  expect([affected, mayAcquire()]).toEqual([[true, false], false]);
  affected.length = 0;
  regroup([]);
  expect(affected).toEqual([false, false]);
});

test.each([
  ['org:Acme', 'org:acme', true],
  ['team:Acme/Platform', 'team:acme/platform', true],
  ['group:Ops', 'group:ops', false],
])('%s in a policy and %s of a user are the same: %s', (inPolicy, ofUser, isSame) => {
  const account = { provider: 'github', subject: '1', login: 'ada' } as const;
  const access = new Access({ user: () => account, loginsOf: () => [], groupsOf: () => [ofUser] });
  access.enforce(policyOf(`grants: [{ to: ['${inPolicy}'], may: [acquire], on: [a] }]`), 0);
  expect(access.may({ userId: ADA, scope: null }, 'acquire', { lockName: 'a' })).toBe(isSame);
});

test('users and names that are no longer remembered get the same answers', () => {
  const access = new Access({
    user: (userId) => ({ provider: 'static', subject: userId, login: userId }),
    loginsOf: () => [],
  });
  access.enforce(policyOf('grants: [{ to: [static:u7], may: [acquire], on: [a/7] }]'), 0);
  const answers = (): boolean[] => [
    access.may({ userId: 'u7' as UserId, scope: null }, 'acquire', { lockName: 'a/7' }),
    access.may({ userId: 'u7' as UserId, scope: null }, 'acquire', { lockName: 'a/8' }),
    access.may({ userId: 'u8' as UserId, scope: null }, 'acquire', { lockName: 'a/7' }),
  ];
  expect(answers()).toEqual([true, false, false]);
  for (let index = 0; index < 10_001; index += 1) {
    access.may({ userId: `u${index}` as UserId, scope: null }, 'observe', { lockName: 'a/7' });
    access.may({ userId: 'u7' as UserId, scope: null }, 'observe', { lockName: `b/${index}` });
  }
  expect(answers()).toEqual([true, false, false]);
});
