import { describe, expect, test } from 'vitest';
import { checkedTexts } from './checked-texts.js';
import { textsOf } from './source-texts.js';
import { findBanned, StyleGuide } from './style-guide.js';

const guide = new StyleGuide();
const texts = checkedTexts();
const banned = [...guide.phrases, ...guide.terms, ...guide.sentences];

test('docs/style.md has its tables', () => {
  expect(guide.phrases).toContainEqual({ phrase: 'for ever', instead: 'forever' });
  expect(guide.terms).toContainEqual({ phrase: 'mutex', instead: 'lock' });
  expect(guide.terms.map(({ phrase }) => phrase)).not.toContain('queue');
  expect(guide.sentences.length).toBeGreaterThanOrEqual(20);
});

test('the checked documents exist', () => {
  const names = texts.map(({ name }) => name);
  for (const name of ['README.md', 'docs/webhooks.md', 'sdks/go/README.md']) expect(names).toContain(name);
  for (const { name, text } of texts) expect(text.trim(), name).not.toBe('');
});

test.each(texts)('$name follows docs/style.md', ({ text }) => {
  expect(findBanned(text, banned).join('\n')).toBe('');
});

describe('the rule', () => {
  test.each([
    'It lasts for ever.',
    'It lasts For\n  ever',
    'Whoever asks',
    'Who asks waits.',
    'Nobody’s lock',
    'A mutex',
  ])('refuses %j', (text) => {
    expect(findBanned(text, banned)).toHaveLength(1);
  });

  test.each(['It lasts forever.', 'No one asks.', 'Anyone who asks', 'whoeverX', 'The queue of the server'])(
    'accepts %j',
    (text) => {
      expect(findBanned(text, banned)).toEqual([]);
    },
  );

  test('reads the comments and the sentences of a source, and not its names', () => {
    const source = `
      /**
       * Lasts for
       * ever.
       */
      const nobody = ['one word', 'somebody']; // Trailing
      function empty() {
        // Alone
      }
      const text = \`before \${nobody} after that\`;
    `;
    const found = textsOf(source).map((text) => text.replaceAll(/\s+/g, ' ').trim());
    expect(found.toSorted()).toEqual(
      ['Lasts for ever.', 'Trailing', 'Alone', 'one word', 'before', 'after that'].toSorted(),
    );
  });
});
