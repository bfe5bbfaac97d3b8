import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { StaticTokens } from '../../src/auth/tokens/static-tokens.js';
import { hashToken, makeToken } from '../../src/auth/tokens/token-format.js';
import { ConfigError } from '../../src/config/config.js';

const folder = mkdtempSync(join(tmpdir(), 'octostore-static-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(text: string): string {
  const path = join(folder, `${Math.random()}.txt`);
  writeFileSync(path, text);
  return path;
}

function parse(list?: string, path?: string): Record<string, string> {
  const tokens = StaticTokens.fromConfig({ STATIC_TOKENS: list, STATIC_TOKENS_FILE: path });
  return Object.fromEntries(tokens.entries());
}

function violationsOf(list?: string, path?: string): readonly string[] {
  try {
    parse(list, path);
  } catch (error) {
    if (error instanceof ConfigError) return error.violations;
    throw error;
  }
  return [];
}

describe('static tokens', () => {
  test.each([
    ['separated by commas', 'ada:one,bob:two'],
    ['separated by lines', 'ada:one\nbob:two\n'],
    ['with spaces and empty entries', ' ada:one , ,\r\n\r\n bob:two ,'],
    ['repeated', 'ada:one,bob:two,ada:one'],
  ])('may be %s', (_, list) => {
    expect(parse(list)).toEqual({ [hashToken('one')]: 'ada', [hashToken('two')]: 'bob' });
  });

  test('come from both the variable and the file', () => {
    const path = file('\uFEFF# the machines\r\n\r\nci:two\r\n   # more\r\nci:three, bot:four\n');
    expect(parse('ada:one', path)).toEqual({
      [hashToken('one')]: 'ada',
      [hashToken('two')]: 'ci',
      [hashToken('three')]: 'ci',
      [hashToken('four')]: 'bot',
    });
  });

  test('may contain colons and every other visible character except the comma', () => {
    const visible = Array.from({ length: 94 }, (_, index) => String.fromCodePoint(33 + index)).join('');
    const token = visible.replace(',', '');
    expect(parse(`ada:${token}`)).toEqual({ [hashToken(token)]: 'ada' });
  });

  test('may be created by OctoStore', () => {
    const token = makeToken();
    expect(parse(`ada:${token}`)).toEqual({ [hashToken(token)]: 'ada' });
  });

  test('are optional', () => {
    expect(StaticTokens.fromConfig({ STATIC_TOKENS: undefined, STATIC_TOKENS_FILE: undefined }).isEmpty).toBe(
      true,
    );
    expect(parse('', file('# no users yet\n'))).toEqual({});
  });
});

describe('unusable static tokens', () => {
  test.each([
    ['no colon', 'ada', 'must be user:token'],
    ['no user', ':secret-value', 'must be user:token'],
    ['no token', 'ada:', 'must be user:token'],
    ['a user with a space', 'a da:secret-value', 'the user must'],
    ['a user with a control character', 'a\u0007da:secret-value', 'the user must'],
    ['a user of 101 characters', `${'a'.repeat(101)}:secret-value`, 'the user must'],
    ['a token with a space', 'ada:secret value', 'visible ASCII'],
    ['a token with a character outside ASCII', 'ada:sécret-value', 'visible ASCII'],
    ['a token that is too long for a header', `ada:${'x'.repeat(513)}`, 'at most 512'],
    ['a token that looks like one of ours with a typo', 'ada:octo_secret-value', 'rejected as a typo'],
  ])('are refused at the start: %s', (_, entry, problem) => {
    const [violation, ...others] = violationsOf(`eve:fine,${entry}`);
    expect(violation).toMatch(/^STATIC_TOKENS: entry 2: /);
    expect(violation).toContain(problem);
    expect(others).toEqual([]);
  });

  test('that two users share are refused', () => {
    expect(violationsOf('ada:same,bob:same')).toEqual([
      'STATIC_TOKENS: entry 2: the token already belongs to another user',
    ]);
  });

  test('in the file are reported by their line', () => {
    expect(violationsOf('ada:one', file('# comment\nbob\n\neve:one\n'))).toEqual([
      'STATIC_TOKENS_FILE: line 2: must be user:token',
      'STATIC_TOKENS_FILE: line 4: the token already belongs to another user',
    ]);
  });

  test('in a file that is missing or is a folder are reported', () => {
    const problem = ['STATIC_TOKENS_FILE: the file cannot be read. Check its path and permissions'];
    expect(violationsOf(undefined, join(folder, 'missing'))).toEqual(problem);
    expect(violationsOf(undefined, folder)).toEqual(problem);
  });

  test('are never quoted', () => {
    const text = 'ada:hunter2 secret,bob,hunter2:,ada:octo_hunter2,x:hunter2,y:hunter2';
    const violations = violationsOf(text, file(text.replaceAll(',', '\n')));
    expect(violations.length).toBeGreaterThanOrEqual(8);
    expect(violations.join('\n')).not.toMatch(/hunter2|ada|bob/);
  });
});
