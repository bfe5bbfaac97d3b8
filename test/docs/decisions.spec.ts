import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const FOLDER = 'docs/decisions';
const files = readdirSync(FOLDER).filter((name) => name !== 'README.md');
const index = readFileSync(`${FOLDER}/README.md`, 'utf8');

test('the decisions are numbered without a gap', () => {
  const numbers = files.toSorted().map((name) => name.slice(0, 5));
  expect(numbers).toEqual(files.map((_, place) => `${String(place + 1).padStart(4, '0')}-`));
});

test.each(files)('%s begins with its number, date and status, and the list shows the same', (name) => {
  const text = readFileSync(`${FOLDER}/${name}`, 'utf8');
  const head =
    /^# (\d{4}\. .+)\n\n- Date: (\d{4}-\d\d-\d\d)\n- Status: (proposed|accepted|superseded by \d{4})[.\n]/;
  const [, title = '', date = '', status = ''] = head.exec(text) ?? [];
  expect(title.slice(0, 4)).toBe(name.slice(0, 4));
  const row = index.split('\n').find((line) => line.includes(`](${name})`)) ?? '';
  expect(row.split('|').map((cell) => cell.trim())).toEqual(['', `[${title}](${name})`, date, status, '']);
});
