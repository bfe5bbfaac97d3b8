import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parseEnvFile } from '../../src/config/env-file/parse.js';
import { readEnvFile } from '../../src/config/env-file/read.js';
import { testFolder } from '../support/temp-folder.js';

function valuesOf(text: string): Record<string, string> {
  return Object.fromEntries([...parseEnvFile(text).settings].map(([name, { value }]) => [name, value]));
}

function fileWith(content: string | Buffer): string {
  const path = join(testFolder(), 'settings');
  writeFileSync(path, content);
  return path;
}

function valuesIn(content: string | Buffer): Record<string, string> {
  const { settings } = readEnvFile(fileWith(content));
  return Object.fromEntries([...settings].map(([name, { value }]) => [name, value]));
}

const text = 'MAX_WAITERS=5\nLOG_LEVEL="debug"\n';
const values = { MAX_WAITERS: '5', LOG_LEVEL: 'debug' };

test.each([
  ['as UTF-8', text],
  ['with a byte order mark', `\uFEFF${text}`],
  ['with Windows line endings', text.replaceAll('\n', '\r\n')],
  ['with both', `\uFEFF${text.replaceAll('\n', '\r\n')}`],
  ['with old Mac line endings', text.replaceAll('\n', '\r')],
  ['as UTF-16 from Windows', Buffer.from(`\uFEFF${text}`, 'utf16le')],
  ['as big-endian UTF-16', Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
])('a file %s loses no setting', (_, content) => {
  expect(valuesIn(content)).toEqual(values);
});

test('settings are read as people write them', () => {
  const settings = `
# A comment
  # another one, after which Node 20 loses a line
A=1
export B=2
  C = 3  # three
D=
E="with # and spaces"
F='one
two'
G="line\\nbreak"
H=\`"'\`
I=#nothing`;
  expect(valuesOf(settings)).toEqual({
    A: '1',
    B: '2',
    C: '3',
    D: '',
    E: 'with # and spaces',
    F: 'one\ntwo',
    G: 'line\nbreak',
    H: `"'`,
    I: '',
  });
});

test('well-formed files are read as Node reads them', () => {
  const name = fc.stringMatching(/^[A-Z][A-Z_]{0,8}$/);
  // Not empty: versions of Node disagree about what follows an empty value.
  const plain = fc.stringMatching(/^[a-z0-9:,./-]([a-z0-9 :,./-]{0,8}[a-z0-9:,./-])?$/);
  const value = fc.oneof(
    plain,
    plain.map((inner) => `"${inner}"`),
    plain.map((inner) => `'${inner} # ${inner}'`),
    plain.map((inner) => `"${inner}\n${inner}"`),
    plain.map((inner) => `${inner} # comment`),
  );
  const line = fc.tuple(fc.constantFrom('', 'export '), name, fc.constantFrom('=', ' = '), value);
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const file = lines.map((parts) => parts.join('')).join('\n');
      expect(valuesOf(file)).toEqual({ ...parseEnv(file) });
    }),
  );
});

describe('an invalid file is refused with the line number, and without a value', () => {
  test.each([
    ['A=1\nSECRET_KEY: hunter2', 'line 2 is not NAME=value'],
    ['hunter2', 'line 1 is not NAME=value'],
    ['set A=hunter2', 'line 1 is not NAME=value'],
    ['A=1\nB="hunter2\nC=3', 'line 2: the quoted value is never closed'],
    ['A="hunter2\nB="hunter3"', 'line 1: the quoted value has more text after its end'],
    ['A="hunter"2', 'line 1: the quoted value has more text after its end'],
    ['A=hunter2\0', 'line 1 is not valid UTF-8'],
  ])('%j', (content, violation) => {
    const path = fileWith(content);
    expect(() => readEnvFile(path)).toThrow(`- ${path}: ${violation}`);
    expect(() => readEnvFile(path)).not.toThrow(/hunter/);
  });

  test('a value in another encoding is refused, but not a comment', () => {
    expect(() => readEnvFile(fileWith(Buffer.from('A=münchen', 'latin1')))).toThrow(
      'line 1 is not valid UTF-8',
    );
    expect(valuesIn(Buffer.from('# für uns\nA=1', 'latin1'))).toEqual({ A: '1' });
  });
});

test.each([
  ['A=hunter#2', 'line 1: the value of A ends before the #. If the # belongs to it, put the value in quotes'],
  ['A=1\n\nA=2', 'line 3 overrides line 1, because both set the same name. Remove one of them'],
])('%j is accepted with a warning', (content, warning) => {
  expect(parseEnvFile(content)).toMatchObject({ warnings: [warning], violations: [] });
});

test('a file that you name must exist and be a file', () => {
  const folder = testFolder();
  const path = join(folder, 'settings');
  expect(() => readEnvFile(path)).toThrow(`${path} does not exist`);
  expect(() => readEnvFile(folder)).toThrow(`${folder} is a folder`);
  symlinkSync(join(folder, 'nowhere'), path);
  expect(() => readEnvFile(path)).toThrow(`${path} does not exist`);
});

test('a folder with the default name of the file is ignored', () => {
  const before = process.cwd();
  onTestFinished(() => process.chdir(before));
  process.chdir(testFolder());
  expect(readEnvFile(undefined)).toMatchObject({ warnings: [] });
  mkdirSync('.env');
  const { settings, warnings } = readEnvFile(undefined);
  expect([settings.size, warnings]).toEqual([0, ['.env is a folder, so no settings are read from it']]);
  expect(() => readEnvFile('.env')).toThrow('.env is a folder');
});
