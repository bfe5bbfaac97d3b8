import { expect, test } from 'vitest';
import { matchesSecretCheck, secretCheckOf } from '../../src/secrets/secret-check.js';

const KEY = 'k'.repeat(32);

test('a check recognizes its key and no other, and contains neither', async () => {
  const check = await secretCheckOf(KEY);
  expect(await matchesSecretCheck(check, KEY)).toBe(true);
  expect(await matchesSecretCheck(check, `${KEY}k`)).toBe(false);
  expect(check).not.toContain(KEY);
});

test('two checks of one key differ', async () => {
  expect(await secretCheckOf(KEY)).not.toBe(await secretCheckOf(KEY));
});

test.each(['', 'scrypt', 'scrypt$a$b', 'md5$a$b'])('"%s" is the check of no key', async (check) => {
  expect(await matchesSecretCheck(check, KEY)).toBe(false);
});
