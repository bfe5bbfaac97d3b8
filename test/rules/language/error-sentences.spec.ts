import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { ERRORS } from '../../../src/errors/error-table.js';
import { complaintsAbout } from './error-sentence.js';

/** Errors that end a command of the server: their messages are what operators read. */
const OPERATOR_ERRORS = new Set([
  'UnusableFileError',
  'UnusableNumbersError',
  'NoRoomError',
  'ServerUnreachableError',
]);

const table = Object.entries(ERRORS);

test.each(table)('%s says what happened and what to do', (_code, { message }) => {
  expect(complaintsAbout(message)).toEqual([]);
});

const messages = sourceFiles('src').flatMap((path) =>
  messagesOf(readFileSync(path, 'utf8')).map((message) => [path, message] as const),
);

test('the errors for operators are found', () => {
  expect(messages.length).toBeGreaterThan(15);
});

test.each(messages)('%s: %s', (_path, message) => {
  expect(complaintsAbout(message)).toEqual([]);
});

describe('the rule', () => {
  test.each([
    'The file is damaged. Restore a backup.',
    'You hold too many locks. Release one first.',
    'a.db is not a file. Move it away, or name another file.',
    'The delivery failed. To retry it, list the deliveries. Then use its id.',
    'Start again at /auth/github.',
  ])('accepts %j', (sentence) => {
    expect(complaintsAbout(sentence)).toEqual([]);
  });

  test.each([
    ['the lock is held. Try again.', 'does not begin with a capital'],
    ['The lock is held. Try again', 'does not end with a full stop'],
    ['The lock is held.', 'does not say what to do in its last sentence'],
    ['One. Two. Three. Try again.', 'has 4 sentences'],
    ['The lock of undefined is held. Try again.', 'has "undefined"'],
    ['SQLITE_CORRUPT: malformed. Try again.', 'has "SQLITE_CORRUPT"'],
    ['The lock [object Object] is held. Try again.', 'has "[object Object]"'],
  ])('refuses %j', (sentence, complaint) => {
    expect(complaintsAbout(sentence)).toEqual([complaint]);
  });
});

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name}`);
}

/** The messages of such errors in a source, with `X` for each inserted value. */
function messagesOf(source: string): string[] {
  const file = ts.createSourceFile('source.ts', source, ts.ScriptTarget.ESNext, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node) && OPERATOR_ERRORS.has(node.expression.getText())) {
      const [message] = node.arguments ?? [];
      const text = message === undefined ? null : textOf(message);
      if (text !== null) found.push(text);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** Null if the message is not a literal in this place. */
function textOf(node: ts.Expression): string | null {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (ts.isTemplateExpression(node)) {
    const rest = node.templateSpans.map(
      ({ expression, literal }) => `${filledIn(expression)}${literal.text}`,
    );
    return `${node.head.text}${rest.join('')}`;
  }
  if (!ts.isBinaryExpression(node)) return null;
  const [left, right] = [textOf(node.left), textOf(node.right)];
  return left === null || right === null ? null : `${left}${right}`;
}

/** A constant, in capitals, is a sentence of advice. */
function filledIn(expression: ts.Expression): string {
  return /^[A-Z_]+$/.test(expression.getText()) ? 'Check this.' : 'X';
}
