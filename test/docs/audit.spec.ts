import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { AUDIT_ACTIONS } from '../../src/audit/audit-action.js';

const guide = readFileSync('docs/audit.md', 'utf8');

/** The rows of the table whose first column has this heading. */
function rowsOf(heading: string): string[][] {
  const lines = guide.split('\n');
  const first = lines.findIndex((line) => line.startsWith(`| ${heading} `)) + 2;
  const length = lines.slice(first).findIndex((line) => !line.startsWith('|'));
  return lines.slice(first, first + length).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

test('the guide lists every action with what it means, and no other', () => {
  const listed = rowsOf('Action').map(([action = '', meaning = '']) => [action.replaceAll('`', ''), meaning]);
  expect(listed).toEqual(Object.entries(AUDIT_ACTIONS));
});
