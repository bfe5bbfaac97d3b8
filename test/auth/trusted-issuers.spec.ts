import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { TrustedIssuers } from '../../src/auth/exchange/trusted-issuers.js';
import { ConfigError } from '../../src/config/config.js';
import { testFolder } from '../support/temp-folder.js';

function read(text: string): TrustedIssuers {
  const file = join(testFolder(), 'issuers.yaml');
  writeFileSync(file, text);
  return TrustedIssuers.fromConfig({ TRUSTED_ISSUERS_FILE: file });
}

function mistakesIn(text: string): readonly string[] {
  try {
    read(text);
  } catch (error) {
    if (error instanceof ConfigError) return error.violations;
    throw error;
  }
  return [];
}

const entry = (more: string): string =>
  `issuers:\n  - issuer: https://a.example\n    audience: us\n    ${more}\n`;

describe('the file of trusted issuers', () => {
  test('names issuers', () => {
    const issuers = read(entry("subjects: ['repo:acme/*']\n    claims: { owner: acme, id: [1, 2] }"));
    expect(issuers.find('https://a.example')).toMatchObject({
      audience: 'us',
      claims: [
        ['owner', ['acme']],
        ['id', [1, 2]],
      ],
      jwksUri: null,
    });
    expect(issuers.find('https://a.example/')).toBeNull();
    expect(issuers.warnings).toEqual([]);
  });

  test('may be missing', () => {
    expect(TrustedIssuers.fromConfig({ TRUSTED_ISSUERS_FILE: undefined }).isEmpty).toBe(true);
    expect(() => TrustedIssuers.fromConfig({ TRUSTED_ISSUERS_FILE: '/none' })).toThrow(
      'TRUSTED_ISSUERS_FILE: the file cannot be read. Check its path and permissions',
    );
  });

  test('may name a file that is not there yet, with a warning', () => {
    const { warnings } = read(
      entry("subjects: ['x']\n    ca_file: /none/ca.crt\n    bearer_token_file: package.json"),
    );
    expect(warnings).toEqual([
      'TRUSTED_ISSUERS_FILE: the file /none/ca.crt cannot be read, so no token of https://a.example can be exchanged. Check its path and permissions',
    ]);
  });

  test('all mistakes are named with their lines', () => {
    expect(
      mistakesIn(`issuers:
  - issuer: http://a.example
    subjects: []
    algorithms: [HS256, none]
    jwks_uri: http://a.example/keys
  - issuer: https://*.example
    audience: us
    subjects: ['*']
    claims: {}
    audiences: [us]
`),
    ).toEqual([
      'TRUSTED_ISSUERS_FILE: line 2: issuers[0].issuer must be the https:// URL that the tokens have as iss, without a colon in its path',
      'TRUSTED_ISSUERS_FILE: line 2: issuers[0].audience is missing',
      'TRUSTED_ISSUERS_FILE: line 3: issuers[0].subjects is empty. Name at least one',
      expect.stringMatching(
        /^TRUSTED_ISSUERS_FILE: line 4: issuers\[0\]\.algorithms\[0\]: "HS256" is not allowed\. Use RS256/,
      ),
      expect.stringMatching(
        /^TRUSTED_ISSUERS_FILE: line 4: issuers\[0\]\.algorithms\[1\]: "none" is not allowed\. Use RS256/,
      ),
      'TRUSTED_ISSUERS_FILE: line 5: issuers[0].jwks_uri must be an https:// URL without a user and a fragment',
      'TRUSTED_ISSUERS_FILE: line 6: issuers[1].issuer must be the https:// URL that the tokens have as iss, without a colon in its path',
      'TRUSTED_ISSUERS_FILE: line 9: issuers[1].claims is empty. Name a claim, or leave it out',
      'TRUSTED_ISSUERS_FILE: line 10: issuers[1].audiences is not a field of a list of issuers. Check its spelling',
    ]);
  });

  test.each([
    ['https://a.example', 'https://a.example', 'is listed twice. List it once'],
    ['https://a.example', 'https://a.example:8443', 'their subjects could have the same name'],
    ['https://a.example:8443', 'https://a.example', 'their subjects could have the same name'],
  ])('%s and %s cannot both be trusted', (one, other, problem) => {
    const line = (issuer: string): string => `  - { issuer: '${issuer}', audience: us, subjects: ['a/*'] }\n`;
    const [mistake] = mistakesIn(`issuers:\n${line(one)}${line(other)}`);
    expect(mistake).toContain('TRUSTED_ISSUERS_FILE: line 3: ');
    expect(mistake).toContain(problem);
  });

  test('an issuer for everyone must not be trusted with everyone', () => {
    const github = (more: string): string =>
      `issuers:\n  - issuer: https://token.actions.githubusercontent.com\n    audience: us\n    ${more}\n`;
    expect(mistakesIn(github("subjects: ['repo:acme/*', '*']"))).toEqual([
      expect.stringContaining(
        'gives tokens to everyone who has an account there, and the subject * accepts all of them',
      ),
    ]);
    expect(mistakesIn(github("subjects: ['*']\n    claims: { repository_owner: acme }"))).toEqual([]);
    expect(mistakesIn(entry("subjects: ['*']"))).toEqual([]);
  });

  test('a star inside of a name gets a warning', () => {
    expect(read(entry("subjects: ['repo:acme*']")).warnings).toEqual([
      'TRUSTED_ISSUERS_FILE: the subject repo:acme* also matches longer names than the one before the *. Put the * behind a slash or a colon',
    ]);
  });
});
