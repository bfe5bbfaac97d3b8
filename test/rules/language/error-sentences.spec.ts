import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { ERRORS } from '../../../src/errors/error-table.js';
import { complaintsAbout } from './error-sentence.js';

/** Sentences that clients of earlier versions compare. They stay as they are. */
const FIXED = new Set(['lock_not_found', 'lock_held']);

/** Codes whose sentences do not say what to do yet. */
const NO_ADVICE_YET = new Set([
  'malformed_request',
  'malformed_json',
  'webhook_url_invalid',
  'webhook_suspended',
  'delivery_not_pending',
  'unauthorized',
  'sign_in_not_allowed',
  'admin_required',
  'session_not_found',
  'webhook_not_found',
  'delivery_not_found',
  'user_not_found',
  'token_not_found',
  'sign_in_not_configured',
  'method_not_allowed',
  'request_timeout',
  'body_too_large',
  'validation_failed',
  'headers_too_large',
  'internal_error',
  'storage_low',
]);

/** Errors that end a command of the server: their messages are what operators read. */
const TOLD_TO_OPERATORS = new Set([
  'UnusableFileError',
  'UnusableNumbersError',
  'NoRoomError',
  'ServerUnreachableError',
]);

/** Files with such errors whose sentences do not say what to do yet. */
const NOT_YET = new Set([
  'src/cli/server/require-database.ts',
  'src/installation/sqlite-location.ts',
  'src/journal/sqlite/backup.ts',
  'src/journal/sqlite/restore.ts',
  'src/journal/sqlite/room-for-backup.ts',
  'src/store/backup/backup-folder.ts',
]);

const table = Object.entries(ERRORS).filter(([code]) => !FIXED.has(code));

test.each(table)('%s says what happened and what to do', (code, { message }) => {
  const complaints = complaintsAbout(message);
  expect(
    NO_ADVICE_YET.has(code) ? complaints.filter((text) => !/what to do/.test(text)) : complaints,
  ).toEqual([]);
});

const told = sourceFiles('src').flatMap((path) =>
  messagesOf(readFileSync(path, 'utf8')).map((message) => [path, message] as const),
);

test('the errors that operators are told are found', () => {
  expect(told.length).toBeGreaterThan(15);
});

test.each(told)('%s: %s', (path, message) => {
  const complaints = complaintsAbout(message);
  expect(NOT_YET.has(path) ? complaints.filter((text) => !/what to do/.test(text)) : complaints).toEqual([]);
});

describe('the rule', () => {
  test.each([
    'The file is damaged. Restore a backup.',
    'You hold too many locks. Release one first.',
    'a.db is not a file. Move it away, or name another file.',
    'The delivery failed. To retry it, list the deliveries. Then use its id.',
    'Start again at /auth/github.',
  ])('takes %j', (sentence) => {
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

/** The messages with which a source makes such errors. What is filled in stands as `X`. */
function messagesOf(source: string): string[] {
  const file = ts.createSourceFile('source.ts', source, ts.ScriptTarget.ESNext, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node) && TOLD_TO_OPERATORS.has(node.expression.getText())) {
      const [message] = node.arguments ?? [];
      const text = message === undefined ? null : textOf(message);
      if (text !== null) found.push(text);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** Null if it is not written out there. */
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
