import { describe, expect, test } from 'vitest';
import { hashToken, hasValidChecksum, makeToken } from '../../src/auth/tokens/token-format.js';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

describe('a token', () => {
  test('is octo_, 32 random characters and 6 characters of checksum', () => {
    const token = makeToken();
    expect(token).toMatch(/^octo_[0-9A-Za-z]{38}$/);
    expect(hasValidChecksum(token)).toBe(true);
  });

  test('is never the same twice, and uses every character in every position', () => {
    const tokens = Array.from({ length: 2000 }, makeToken);
    expect(new Set(tokens).size).toBe(tokens.length);
    for (let place = 5; place < 37; place += 1) {
      expect(new Set(tokens.map((token) => token[place])).size).toBe(ALPHABET.length);
    }
  });

  test('has a checksum that anyone can verify without the server', () => {
    // Computed with another implementation of CRC-32.
    expect(hasValidChecksum('octo_0000000000000000000000000000000x1Uxa8B')).toBe(true);
  });

  test('is refused after any single change', () => {
    const token = makeToken();
    for (let place = 0; place < token.length; place += 1) {
      for (const character of ALPHABET) {
        if (token[place] === character) continue;
        const typo = token.slice(0, place) + character + token.slice(place + 1);
        expect(hasValidChecksum(typo)).toBe(false);
      }
    }
  });

  test('is refused when two adjacent characters are swapped, or when one is missing or added', () => {
    const token = 'octo_0000000000000000000000000000000x1Uxa8B';
    const swapped = `${token.slice(0, 35)}x0${token.slice(37)}`;
    for (const damaged of [swapped, token.slice(0, -1), `${token}0`, 'octo_', '']) {
      expect(hasValidChecksum(damaged)).toBe(false);
    }
  });

  test('is stored as its SHA-256 hash', () => {
    expect(hashToken('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});
