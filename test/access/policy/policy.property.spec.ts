import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Policy, rightsOn } from '../../../src/access/policy/policy.js';
import {
  LIMIT_NAMES,
  policyDocument,
  type PolicyDocument,
} from '../../../src/access/policy/policy-document.js';
import { subjectsOf, type Principal } from '../../../src/access/policy/principal.js';
import { ACTIONS, hasRight, type PolicyAction } from '../../../src/access/policy/rights.js';
import { matchesPlainly } from '../../support/plain-lock-pattern.js';

const IMPLIED_BY: Readonly<Record<PolicyAction, readonly PolicyAction[]>> = {
  observe: ['observe', 'acquire', 'break', 'administer'],
  acquire: ['acquire'],
  break: ['break', 'administer'],
  administer: ['administer'],
};

const principals: readonly Principal[] = [
  { provider: 'github', subject: '1', logins: ['Ada'], groups: [] },
  { provider: 'github', subject: '2', logins: [], groups: [] },
  { provider: 'github', subject: '3', logins: ['bob', 'robert'], groups: [] },
  { provider: 'static', subject: 'Ada', logins: [], groups: [] },
  { provider: 'local', subject: 'ada', logins: [], groups: [] },
];

const subject = fc.constantFrom(
  'everyone',
  'github:ada',
  'github:ADA',
  'github:robert',
  'github:id:1',
  'github:id:2',
  'static:Ada',
  'static:ada',
  'local:ada',
  'team:acme/a',
);

/** Few characters, so that names and patterns meet often. */
const name = fc.stringMatching(/^[ab]{1,2}(\/[ab]{1,2}){0,2}$/);
const pattern = fc.stringMatching(/^([ab?*]|\*\*\/|\/){1,6}$/);
const listOf = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
  fc.array(item, { minLength: 1, maxLength: 3 });
const limit = fc.option(fc.nat(9), { nil: undefined });

const grants = fc.array(
  fc.record({ to: listOf(subject), may: listOf(fc.constantFrom(...ACTIONS)), on: listOf(pattern) }),
  { minLength: 1, maxLength: 8 },
);

const quotas = fc.array(fc.record({ for: listOf(subject), locks: limit, waiters: limit }), { maxLength: 4 });

/** The meaning of a policy, as simply as possible. */
function mayPlainly(document: PolicyDocument, who: Principal, action: PolicyAction, lock: string): boolean {
  const subjects = subjectsOf(who);
  return document.grants.some(
    ({ to, may, on }) =>
      to.some((text) => subjects.includes(text.startsWith('github:') ? text.toLowerCase() : text)) &&
      may.some((granted) => IMPLIED_BY[action].includes(granted)) &&
      on.some((text) => matchesPlainly(text, lock)),
  );
}

test('what is compiled allows the same as the document', () => {
  fc.assert(
    fc.property(grants, fc.array(name, { minLength: 1, maxLength: 12 }), (list, names) => {
      const document: PolicyDocument = { grants: list };
      const policy = new Policy(document);
      for (const who of principals) {
        const own = policy.of(who);
        // Each name twice, because the second answer comes from memory.
        for (const lock of [...names, ...names]) {
          for (const action of ACTIONS) {
            const expected = mayPlainly(document, who, action, lock);
            expect(hasRight(rightsOn(lock, own), action)).toBe(expected);
            expect(policy.grantsThatAllow(who, action, lock).length > 0).toBe(expected);
          }
        }
      }
    }),
    { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 300) },
  );
});

test('each limit is that of the most specific subject that sets it', () => {
  fc.assert(
    fc.property(quotas, (list) => {
      const once = withoutRepeats(list);
      const policy = new Policy({
        grants: [{ to: ['everyone'], may: ['observe'], on: ['*'] }],
        quotas: once,
      });
      for (const who of principals) {
        for (const name of LIMIT_NAMES) {
          const [expected] = subjectsOf(who).flatMap((key) =>
            once
              .filter((quota) => quota.for.includes(key) && quota[name] !== undefined)
              .map((quota) => quota[name]),
          );
          expect(policy.of(who).limits[name]).toBe(expected);
        }
      }
    }),
  );
});

/** Each subject has one quota, which is named in the form in which subjects are compared. */
function withoutRepeats(
  list: { for: string[]; locks?: number; waiters?: number }[],
): NonNullable<PolicyDocument['quotas']> {
  const seen = new Set<string>();
  return list.flatMap((quota) => {
    const own = [
      ...new Set(quota.for.map((text) => (text.startsWith('github:') ? text.toLowerCase() : text))),
    ];
    const fresh = own.filter((text) => !seen.has(text));
    for (const text of fresh) seen.add(text);
    return fresh.length === 0 ? [] : [{ ...quota, for: fresh }];
  });
}

test('the documents of these tests are policies', () => {
  fc.assert(
    fc.property(grants, (list) => {
      expect(policyDocument.safeParse({ grants: list }).success).toBe(true);
    }),
  );
});
