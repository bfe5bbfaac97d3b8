import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/config.js';
import { secretKeysOf } from '../../src/secrets/secret-keys.js';

const OLD = 'o'.repeat(32);
const NEW = 'n'.repeat(32);
const POSTGRES = 'postgres://octo@db/locks?sslmode=disable';

function keysIn(SECRET_KEY: string | undefined, DATABASE_URL?: string) {
  return secretKeysOf(loadConfig({ SECRET_KEY, DATABASE_URL }));
}

describe('SECRET_KEY', () => {
  test('may be missing, or be one key', () => {
    expect(keysIn(undefined)).toBeNull();
    expect(keysIn(OLD)).toEqual({ first: OLD, listed: [OLD], all: [OLD] });
  });

  test.each([`${NEW},${OLD}`, ` ${NEW} , ${OLD},`, `${NEW},${OLD},${NEW}`])(
    'lists several keys, of which the first one encrypts: "%s"',
    (text) => {
      expect(keysIn(text)).toMatchObject({ first: NEW, listed: [NEW, OLD] });
    },
  );

  test('that lists keys may be one key of an earlier version, so it also decrypts as a whole', () => {
    expect(keysIn(`${NEW},${OLD}`)?.all).toEqual([NEW, OLD, `${NEW},${OLD}`]);
  });

  test('is one key with a comma in it if a part is too short for a key', () => {
    const text = `${NEW},${'o'.repeat(15)}`;
    expect(keysIn(text)).toEqual({ first: text, listed: [text], all: [text] });
  });

  test('needs longer keys with PostgreSQL, also in a list', () => {
    const text = `${NEW},${'o'.repeat(31)}`;
    expect(keysIn(text)?.listed).toEqual([NEW, 'o'.repeat(31)]);
    expect(keysIn(text, POSTGRES)?.listed).toEqual([text]);
    expect(keysIn(`${NEW},${OLD}`, POSTGRES)?.listed).toEqual([NEW, OLD]);
  });
});
