import { array, assert, constantFrom, pre, property } from 'fast-check';
import { expect, test } from 'vitest';
import { escapeText, mayNeedEscape, unescapeText } from '../../../src/journal/postgres/text.js';

/** The characters that matter most. */
const PIECES = ['a', '0', '1', '2', '\0', '\u0001', '\ud800', '\udfff', '\ud83e\udd91', 'd83e', '\\u0000'];

const texts = array(constantFrom(...PIECES)).map((parts) => parts.join(''));

function expectOfEach(check: (text: string, other: string) => void): void {
  assert(property(texts, texts, check));
}

test('every text is read as it was written', () => {
  expectOfEach((text) => {
    expect(unescapeText(escapeText(text))).toBe(text);
  });
});

test('what is written has no character that PostgreSQL refuses', () => {
  expectOfEach((text) => {
    const stored = escapeText(text);
    expect(stored.includes('\0')).toBe(false);
    expect(stored.isWellFormed()).toBe(true);
  });
});

test('a beginning of a text is a beginning of what is written', () => {
  expectOfEach((start, rest) => {
    pre(start.isWellFormed());
    expect(escapeText(start + rest).startsWith(escapeText(start))).toBe(true);
  });
});

test('JSON shows whether a text needs it', () => {
  expectOfEach((text) => {
    const isChanged = escapeText(text) !== text;
    expect(isChanged && !mayNeedEscape(JSON.stringify({ text }))).toBe(false);
  });
});
