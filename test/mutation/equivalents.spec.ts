import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { AREAS } from '../../lab/mutation/areas.js';
import { readEquivalents } from '../../lab/mutation/equivalents.js';
import { PAGE } from '../../lab/mutation/page.js';

const ENTRIES = readEquivalents();

function linesOf(file: string): string[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.map((line) => line.trim().replaceAll(/\s+/g, ' '));
}

describe('the list of equivalent mutants', () => {
  test.each(ENTRIES)('quotes a line of $file that there is: $mutant', ({ file, code, mutant, reason }) => {
    expect(AREAS.some(({ folder }) => file.startsWith(folder))).toBe(true);
    expect(linesOf(file)).toContain(code);
    expect(mutant).not.toBe(code);
    expect(reason).toMatch(/^[A-Z].*\.$/);
  });

  test('has each mutant once', () => {
    const keys = ENTRIES.map(({ file, code, mutant }) => [file, code, mutant].join('\n'));
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('is on the page', () => {
    const page = readFileSync(PAGE, 'utf8');
    const missing = ENTRIES.filter(({ file, reason }) => !page.includes(file) || !page.includes(reason));
    expect(missing).toEqual([]);
  });
});
