import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapeText, mayNeedEscape, unescapeText } from '../../../src/journal/postgres/text.js';

/** Texts of the characters that matter most. */
const texts = fc
  .array(
    fc.constantFrom(
      'a',
      '0',
      '1',
      '2',
      '\0',
      '\u0001',
      '\ud800',
      '\udfff',
      '\ud83e\udd91',
      'd83e',
      '\\u0000',
    ),
  )
  .map((parts) => parts.join(''));

test('every text is read as it was written', () => {
  fc.assert(
    fc.property(texts, (text) => {
      expect(unescapeText(escapeText(text))).toBe(text);
    }),
  );
});

test('what is written has no character that PostgreSQL refuses', () => {
  fc.assert(
    fc.property(texts, (text) => {
      const stored = escapeText(text);
      expect(stored.includes('\0')).toBe(false);
      expect(stored.isWellFormed()).toBe(true);
    }),
  );
});

test('a beginning of a text is a beginning of what is written', () => {
  fc.assert(
    fc.property(texts, texts, (start, rest) => {
      fc.pre(start.isWellFormed());
      expect(escapeText(start + rest).startsWith(escapeText(start))).toBe(true);
    }),
  );
});

test('JSON shows whether a text needs it', () => {
  fc.assert(
    fc.property(texts, (text) => {
      if (escapeText(text) !== text) expect(mayNeedEscape(JSON.stringify({ text }))).toBe(true);
    }),
  );
});
