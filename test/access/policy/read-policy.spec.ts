import { describe, expect, test } from 'vitest';
import { changesBetween } from '../../../src/access/policy/policy-changes.js';
import { POLICY_BYTES_MAX } from '../../../src/access/policy/policy-document.js';
import { readPolicy } from '../../../src/access/policy/read-policy.js';

/** What is found in a text, as `line: message`. */
function mistakesIn(text: string): string[] {
  return readPolicy(text).mistakes.map(({ line, message }) => `${line}: ${message}`);
}

function warningsIn(...grants: readonly string[]): string[] {
  const { mistakes, warnings } = readPolicy(`grants:\n${grants.map((grant) => `  - ${grant}\n`).join('')}`);
  expect(mistakes).toEqual([]);
  return warnings.map(({ line, message }) => `${line}: ${message}`);
}

const GRANT = '{ to: [everyone], may: [acquire], on: ["*"] }';

test('YAML and JSON are read alike', () => {
  const document = { grants: [{ to: ['everyone'], may: ['acquire'], on: ['*'] }] };
  expect(readPolicy(`grants: [${GRANT}]`).document).toEqual(document);
  expect(readPolicy(JSON.stringify(document, null, '\t')).document).toEqual(document);
});

test('all mistakes are found at once, each in its line', () => {
  const text = `grants:
  - to: [github:ada, everyon, 'github:a b', 5]
    may: [observe, fly]
    on: []
  - may: [acquire]
    onn: [x]
    on: [a b]
  - 5
quotas:
  - for: [everyone]
  - for: [everyone]
    locks: -1
    sessions: x
    requests_per_second: 0
extra: 1
`;
  expect(mistakesIn(text)).toEqual([
    expect.stringContaining('2: grants[0].to[1]: "everyon" is not a subject. Use everyone, github:LOGIN,'),
    '2: grants[0].to[2]: "github:a b" cannot exist, because its name is not valid.',
    '2: grants[0].to[3] must be a text.',
    '3: grants[0].may[1]: "fly" is not an action. Use observe, acquire, break, administer.',
    '4: grants[0].on is empty, so the entry has no effect. Name at least one.',
    '5: grants[1].to is missing.',
    '6: grants[1].onn is not a field of a policy. Check its spelling.',
    expect.stringContaining('7: grants[1].on[0]: "a b" is not a lock pattern.'),
    '8: grants[2] must be an entry with to, may and on.',
    expect.stringContaining('10: quotas[0] sets no limit.'),
    '12: quotas[1].locks must be at least 0.',
    '13: quotas[1].sessions must be a whole number from 0 to 10000000.',
    '14: quotas[1].requests_per_second must be at least 1.',
    '15: extra is not a field of a policy. Check its spelling.',
  ]);
});

test.each([
  ['', '1: The policy must have grants.'],
  ['grants: []', '1: grants is empty, so no one could do anything. Add a grant, or remove the policy.'],
  ['grants:\n  - [', expect.stringMatching(/^\d: The text is not valid YAML: /)],
  [
    'grants: []\ngrants: []',
    expect.stringContaining('2: The text is not valid YAML: Map keys must be unique'),
  ],
  ['['.repeat(50_000), expect.stringMatching(/^1: The text (is not valid|cannot be read as) YAML/)],
  [
    `a: &a [x, x]\n${Array.from({ length: 9 }, (_, index) => `b${index}: &b${index} [*${index === 0 ? 'a' : `b${index - 1}`}, *a, *a, *a]`).join('\n')}`,
    expect.stringMatching(/^\d+: /),
  ],
  ['#'.repeat(POLICY_BYTES_MAX + 1), `1: The policy has more than ${POLICY_BYTES_MAX} bytes.`],
])('a text that is no policy: %.20s', (text, expected) => {
  expect(mistakesIn(text)[0]).toEqual(expected);
});

test('no more than a hundred mistakes are listed', () => {
  const entries = Array.from({ length: 150 }, () => '  - 1\n').join('');
  expect(mistakesIn(`grants:\n${entries}`)).toHaveLength(100);
});

test('too many combinations are refused', () => {
  const list = (stem: string): string => Array.from({ length: 100 }, (_, index) => `${stem}${index}`).join();
  const grant = `  - { to: [${list('static:u')}], may: [observe], on: [${list('a/')}] }\n`;
  expect(mistakesIn(`grants:\n${grant}${grant}`)).toEqual([]);
  expect(mistakesIn(`grants:\n${grant}${grant}${grant}`)).toEqual([
    '4: The grants name more than 20000 combinations of a subject and a pattern. Use fewer, broader patterns.',
  ]);
});

test('the same limit of the same subject is set once', () => {
  const text = `grants: [${GRANT}]\nquotas:\n  - { for: [github:Ada], locks: 1 }\n  - { for: [everyone, github:ada], locks: 2 }\n`;
  expect(mistakesIn(text)).toEqual([
    '4: The limit locks of github:ada is already set in line 3. Set it once.',
  ]);
});

describe('warnings', () => {
  test.each([
    [
      'the same grant twice',
      ['{ to: [static:a], may: [observe], on: [x] }', '{ to: [static:a], may: [observe], on: [x] }'],
      [3],
    ],
    ['everyone may do it', [GRANT, '{ to: [static:a, github:b], may: [observe], on: ["x/*", y] }'], [3]],
    [
      'a later grant allows more',
      ['{ to: [static:a], may: [observe], on: [a/b] }', '{ to: [static:a], may: [break], on: [a/*] }'],
      [2],
    ],
    [
      'two grants together',
      [
        '{ to: [static:a], may: [observe], on: [a, b] }',
        '{ to: [static:a], may: [acquire], on: [a] }',
        '{ to: [static:a], may: [acquire], on: [b] }',
      ],
      [2],
    ],
    [
      'another action',
      ['{ to: [everyone], may: [observe], on: ["*"] }', '{ to: [static:a], may: [acquire], on: [a] }'],
      [],
    ],
    [
      'another subject',
      ['{ to: [static:a], may: [acquire], on: ["*"] }', '{ to: [everyone], may: [acquire], on: [a] }'],
      [],
    ],
    [
      'only in part',
      ['{ to: [static:a], may: [acquire], on: [a/*] }', '{ to: [static:a], may: [acquire], on: [a/b, b] }'],
      [],
    ],
  ])('a grant that is covered: %s', (_, grants, lines) => {
    expect(warningsIn(...grants).map((warning) => Number(warning.split(':')[0]))).toEqual(lines);
  });

  test('the covering grants are named', () => {
    expect(warningsIn(GRANT, '{ to: [static:a], may: [observe], on: [a] }')).toEqual([
      '3: This grant changes nothing: the grant in line 2 already allows all of it.',
    ]);
    const [warning] = warningsIn(
      '{ to: [static:a], may: [observe], on: [a, b] }',
      '{ to: [static:a], may: [acquire], on: [b] }',
      '{ to: [static:a], may: [acquire], on: [a] }',
    );
    expect(warning).toBe('2: This grant changes nothing: the grants in lines 3, 4 already allow all of it.');
  });
});

test('changes are described one by one', () => {
  const documentOf = (text: string) => readPolicy(text).document;
  const before = documentOf(
    'grants: [{ to: [static:a], may: [observe], on: [x, y] }]\nquotas: [{ for: [static:a], locks: 1 }]',
  );
  const after = documentOf(
    'grants: [{ to: [static:a], may: [acquire, observe], on: [x] }, { to: [static:a], may: [observe], on: [y] }]\nquotas: [{ for: [static:a], locks: 2 }]',
  );
  expect(changesBetween(before, after)).toEqual({
    added: ['static:a may acquire, observe on x', 'static:a has a limit of 2 locks'],
    removed: ['static:a may observe on x', 'static:a has a limit of 1 locks'],
  });
  expect(changesBetween(null, after).removed).toEqual(['everyone may observe, acquire on *']);
  expect(changesBetween(after, after)).toEqual({ added: [], removed: [] });
});

test.each(['.', '..', '.github'])(
  'a team cannot be called %s, which would change the path at GitHub',
  (team) => {
    expect(mistakesIn(`grants: [{ to: ['team:acme/${team}'], may: [observe], on: [a] }]`)).toEqual([
      `1: grants[0].to[0]: "team:acme/${team}" cannot exist, because its name is not valid.`,
    ]);
  },
);
