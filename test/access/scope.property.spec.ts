import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Access } from '../../src/access/access.js';
import { NEEDED, type Action, type Actor } from '../../src/access/may.js';
import { ACTIONS, type PolicyAction } from '../../src/access/policy/rights.js';
import { Policy } from '../../src/access/policy/policy.js';
import type { ScopeGrant } from '../../src/access/scope/scope-grants.js';
import { Scopes } from '../../src/access/scope/scopes.js';
import { partOutside } from '../../src/access/scope/within-scope.js';
import type { FenceName } from '../../src/core/model/fence.js';
import type { UserId } from '../../src/core/model/ids.js';

const userId = 'user-1' as UserId;
const account = { provider: 'static', subject: 'ci', login: 'ci' } as const;
const scopes = new Scopes();

const may = fc.uniqueArray(fc.constantFrom(...ACTIONS), { minLength: 1, maxLength: 3 });
const pattern = fc
  .array(fc.constantFrom('a', 'b', '/', '*', '?', '**/'), { minLength: 1, maxLength: 5 })
  .map((parts) => parts.join(''));
const grant: fc.Arbitrary<ScopeGrant> = fc.record({
  may,
  on: fc.array(pattern, { minLength: 1, maxLength: 3 }),
});
const grants = fc.array(grant, { minLength: 1, maxLength: 3 });
const name = fc
  .array(fc.constantFrom('a', 'b', '/'), { minLength: 1, maxLength: 6 })
  .map((parts) => parts.join(''));
const names = fc.array(name, { minLength: 10, maxLength: 20 });

function accessWith(policy: readonly ScopeGrant[] | null): Access {
  const access = new Access({ user: () => account, loginsOf: () => [] });
  if (policy === null) return access;
  access.enforce(new Policy({ grants: policy.map((each) => ({ ...each, to: ['static:ci'] })) }), 0);
  return access;
}

const ACTIONS_ON = Object.keys(NEEDED) as Action[];

function mayDo(access: Access, actor: Actor, action: Action, on: string): boolean {
  const subject = action.endsWith('fence') ? { fenceName: on as FenceName } : { lockName: on };
  return access.may(actor, action, subject);
}

test('a token with scopes may do what its owner may do and its scopes include, and nothing else', () => {
  fc.assert(
    fc.property(fc.option(grants), grants, names, (policy, scope, all) => {
      const access = accessWith(policy);
      const narrow = { userId, scope: scopes.of(scope) };
      // The same scopes as a policy of their own.
      const alone = accessWith(scope);
      for (const action of ACTIONS_ON) {
        for (const each of all) {
          const owner = mayDo(access, { userId, scope: null }, action, each);
          const included = mayDo(alone, { userId, scope: null }, action, each);
          expect(mayDo(access, narrow, action, each)).toBe(owner && included);
        }
      }
    }),
    { numRuns: 60 },
  );
});

/** With fewer wildcards. */
function narrowed({ may: actions, on }: ScopeGrant): ScopeGrant {
  return { may: actions.slice(0, 1), on: on.map((text) => text.replace(/\*(?=.)/g, 'a')) };
}

test('a token made by a token with scopes never may more than that one', () => {
  let accepted = 0;
  fc.assert(
    fc.property(grants, grants, fc.boolean(), names, (limit, other, isNarrower, all) => {
      const asked = isNarrower ? limit.map(narrowed) : other;
      if (partOutside(asked, limit) !== null) return;
      accepted += 1;
      const [maker, made] = [scopes.of(limit), scopes.of(asked)];
      const wider = all.flatMap((each) =>
        ACTIONS.filter((action: PolicyAction) => made?.allows(action, each) && !maker?.allows(action, each)),
      );
      expect(wider).toEqual([]);
    }),
    { numRuns: 500 },
  );
  expect(accepted).toBeGreaterThan(100);
});
