import { describe, expect, test } from 'vitest';
import { OidcPatterns } from '../../../src/access/policy/oidc-patterns.js';
import { parseIssuedSubject } from '../../../src/access/policy/oidc-subject.js';
import { Policy, rightsOn } from '../../../src/access/policy/policy.js';
import type { Principal } from '../../../src/access/policy/principal.js';
import { readPolicy } from '../../../src/access/policy/read-policy.js';
import { hasRight } from '../../../src/access/policy/rights.js';

const GITHUB = 'https://token.actions.githubusercontent.com';

function principal(subject: string): Principal {
  return { provider: 'oidc', subject, logins: [], groups: [] };
}

function policyFor(...subjects: readonly string[]): Policy {
  return new Policy({ grants: [{ to: [...subjects], may: ['acquire'], on: ['deploy'] }] });
}

function mayDeploy(policy: Policy, subject: string): boolean {
  return hasRight(rightsOn('deploy', policy.of(principal(subject))), 'acquire');
}

describe('subjects of an issuer', () => {
  test.each([
    // The subject itself, and patterns for it.
    [`oidc:${GITHUB}:repo:acme/app:ref:refs/heads/main`, `${GITHUB}:repo:acme/app:ref:refs/heads/main`, true],
    [`oidc:${GITHUB}:repo:acme/*`, `${GITHUB}:repo:acme/app:ref:refs/heads/main`, true],
    [`oidc:${GITHUB}:repo:acme/*:ref:refs/heads/main`, `${GITHUB}:repo:acme/app:ref:refs/heads/main`, true],
    [`oidc:${GITHUB}:*`, `${GITHUB}:anything`, true],
    // Names that only begin or end the same, and letters in another case.
    [`oidc:${GITHUB}:repo:acme/*`, `${GITHUB}:repo:acme-evil/app`, false],
    [`oidc:${GITHUB}:repo:acme/*`, `${GITHUB}:repo:Acme/app`, false],
    [`oidc:${GITHUB}:repo:acme/*:ref:refs/heads/main`, `${GITHUB}:repo:acme/app:ref:refs/heads/main2`, false],
    [`oidc:${GITHUB}:repo:acme/app`, `${GITHUB}:repo:acme/app:pull_request`, false],
    [`oidc:${GITHUB}:repo:acme/../*`, `${GITHUB}:repo:acme/app`, false],
    // Another issuer, though its URL begins or ends the same.
    [`oidc:${GITHUB}:*`, `${GITHUB}.evil.example:repo:acme/app`, false],
    [`oidc:${GITHUB}:*`, `${GITHUB}:8443:repo:acme/app`, false],
    [`oidc:${GITHUB}:*`, `${GITHUB}/acme:repo:acme/app`, false],
    [`oidc:${GITHUB}/acme:*`, `${GITHUB}:repo:acme/app`, false],
    ['oidc:https://a.example:84*', 'https://a.example:8443:repo', false],
    ['oidc:https://a.example:8443:*', 'https://a.example:8443:repo', true],
  ])('%s and %s: %s', (pattern, subject, expected) => {
    expect(mayDeploy(policyFor(pattern), subject)).toBe(expected);
  });

  test('a static user or a login with such a name is someone else', () => {
    const policy = policyFor(`oidc:${GITHUB}:*`);
    for (const provider of ['static', 'local', 'github'] as const) {
      const other = { provider, subject: `${GITHUB}:repo`, logins: [`${GITHUB}:repo`], groups: [] };
      expect(policy.of(other).rights).toEqual([]);
    }
  });

  test('the policy says which grants allow it', () => {
    const policy = policyFor(`oidc:${GITHUB}:repo:acme/*`);
    expect(policy.grantsThatAllow(principal(`${GITHUB}:repo:acme/app`), 'acquire', 'deploy')).toEqual([0]);
  });

  test('the most specific subject sets the limit', () => {
    const subject = `${GITHUB}:repo:acme/app:ref:refs/heads/main`;
    const grants = policyFor('everyone').document.grants;
    const quota = (text: string, locks: number) => ({ for: [text], locks });
    const all = [
      quota('everyone', 1),
      quota(`oidc:${GITHUB}:*`, 2),
      quota(`oidc:${GITHUB}:repo:acme/app:*`, 4),
      quota(`oidc:${GITHUB}:repo:acme/*`, 3),
      quota(`oidc:${subject}`, 5),
    ];
    const limits = [5, 4, 3, 2, 1].map((count) => {
      const quotas = all.toSorted((a, b) => a.locks - b.locks).slice(0, count);
      return new Policy({ grants, quotas }).of(principal(subject)).limits.locks;
    });
    expect(limits).toEqual([5, 4, 3, 2, 1]);
  });

  test('among many patterns, those are found that match', () => {
    const subjects = Array.from({ length: 1_000 }, (_, index) => `oidc:${GITHUB}:repo:acme/app-${index}:*`);
    const patterns = new OidcPatterns([...subjects, `oidc:${GITHUB}:*`]);
    for (const index of [0, 1, 10, 999]) {
      expect(patterns.matching(`oidc:${GITHUB}:repo:acme/app-${index}:ref:refs/heads/main`)).toEqual([
        `oidc:${GITHUB}:repo:acme/app-${index}:*`,
        `oidc:${GITHUB}:*`,
      ]);
    }
  });
});

describe('where an issuer ends', () => {
  test.each([
    ['https://a.example:sub', 'https://a.example', 'sub'],
    ['https://a.example:repo:acme/app', 'https://a.example', 'repo:acme/app'],
    ['https://a.example:8443:sub', 'https://a.example:8443', 'sub'],
    ['https://a.example:1234', 'https://a.example', '1234'],
    ['https://a.example/:sub', 'https://a.example/', 'sub'],
    ['https://a.example:8443/realms/x:sub', 'https://a.example:8443/realms/x', 'sub'],
  ])('%s', (text, issuer, name) => {
    expect(parseIssuedSubject(text)).toEqual({ issuer, name });
  });

  test.each(['http://a.example:sub', 'https://a.example', 'https://*:sub', 'https://a@b.example:sub'])(
    '%s has none',
    (text) => {
      expect(parseIssuedSubject(text)).toBeNull();
    },
  );
});

describe('in the text of a policy', () => {
  const read = (subject: string) =>
    readPolicy(`grants:\n  - { to: ["${subject}"], may: [acquire], on: [a] }`);

  test.each([
    'oidc:https://*:repo:acme/app',
    'oidc:https://a.*:sub',
    'oidc:a.example:sub',
    'oidc:https://a.example',
  ])('%s is refused', (subject) => {
    expect(read(subject).mistakes.map(({ message }) => message)).toEqual([
      `grants[0].to[0]: "${subject}" cannot exist, because its name is not valid.`,
    ]);
  });

  test('a star inside of a name gets a warning', () => {
    expect(read('oidc:https://a.example:repo:acme/*').warnings).toEqual([]);
    expect(read('oidc:https://a.example:repo:acme*').warnings.map(({ message }) => message)).toEqual([
      'oidc:https://a.example:repo:acme* also matches longer names than the one before the *. Put the * behind a slash or a colon.',
    ]);
  });
});
