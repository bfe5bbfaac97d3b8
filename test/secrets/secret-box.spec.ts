import { expect, test } from 'vitest';
import { SecretBox } from '../../src/secrets/secret-box.js';
import { secretKeysIn } from '../../src/secrets/secret-keys.js';

const OLD = 'the-old-secret-key';
const NEW = 'the-new-secret-key';
const BOTH = new SecretBox(secretKeysIn(`${NEW},${OLD}`, 16));

test('the first key seals', () => {
  const sealed = BOTH.seal('a', 'text');
  expect(new SecretBox(NEW).open('a', sealed)).toBe('text');
  expect(new SecretBox(OLD).open('a', sealed)).toBeNull();
});

test('every key opens, for the same purpose only', () => {
  const sealed = new SecretBox(OLD).seal('a', 'text');
  expect(BOTH.open('a', sealed)).toBe('text');
  expect(BOTH.open('b', sealed)).toBeNull();
});

test('what a later key sealed is sealed again with the first one', () => {
  const resealed = BOTH.reseal('a', new SecretBox(OLD).seal('a', 'text'));
  expect(resealed.kind).toBe('resealed');
  const { sealed } = resealed as { sealed: string };
  expect(new SecretBox(NEW).open('a', sealed)).toBe('text');
});

test.each([
  ['current', NEW, 'a'],
  ['lost', 'a-third-secret-key', 'a'],
  ['lost', OLD, 'b'],
])('what cannot or need not be sealed again is %s', (kind, key, purpose) => {
  expect(BOTH.reseal('a', new SecretBox(key).seal(purpose, 'text'))).toEqual({ kind });
});

test('one key has no others before it', () => {
  expect(new SecretBox(NEW).hasFormerKeys).toBe(false);
  expect(BOTH.hasFormerKeys).toBe(true);
});

test('a key of an earlier version may have had a comma', () => {
  const sealed = new SecretBox(`${NEW},${OLD}`).seal('a', 'text');
  expect(BOTH.open('a', sealed)).toBe('text');
  expect(BOTH.reseal('a', sealed).kind).toBe('resealed');
});
