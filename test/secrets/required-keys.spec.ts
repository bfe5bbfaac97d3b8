import { describe, expect, test } from 'vitest';
import { keyTurnOf } from '../../src/cli/server/postgres/key-turn.js';
import { RequiredKeys } from '../../src/secrets/required-keys.js';
import { secretKeysIn } from '../../src/secrets/secret-keys.js';

const OLD = 'o'.repeat(32);
const NEW = 'n'.repeat(32);
const THIRD = 't'.repeat(32);

/** What a database stores, and the servers that lead on it. */
class Stored {
  check: string | null = null;
  readonly secretCheck = (): Promise<string | null> => Promise.resolve(this.check);
  readonly storeSecretCheck = (check: string): Promise<void> => {
    this.check = check;
    return Promise.resolve();
  };

  /** A server with this SECRET_KEY begins to lead. Resolves when it is about to encrypt again. */
  begin(text: string): Promise<void> {
    return keyTurnOf(this, keysOf(text)).begin();
  }

  async lead(text: string): Promise<void> {
    const turn = keyTurnOf(this, keysOf(text));
    await turn.begin();
    await turn.end();
  }

  /** Whether a server with this SECRET_KEY may start: `yes`, or the reason. */
  async admits(text: string): Promise<string> {
    return keysOf(text)
      .assertHasAll(this.check ?? '')
      .then(() => 'yes', String);
  }
}

/** Each compares a check only once, because that is slow on purpose. */
const known = new Map<string, RequiredKeys>();

function keysOf(text: string): RequiredKeys {
  const keys = known.get(text) ?? new RequiredKeys(secretKeysIn(text, 32));
  known.set(text, keys);
  return keys;
}

const REFUSED = /SECRET_KEY: is not the key of the other servers/;
const INCOMPLETE = /SECRET_KEY: lacks a key that the other servers have.*new,old/;

describe('while the key is replaced', () => {
  test('a server with both keys may start at any time, also with the old one first', async () => {
    const stored = new Stored();
    await stored.lead(OLD);
    for (const text of [OLD, `${NEW},${OLD}`, `${OLD},${NEW}`]) expect(await stored.admits(text)).toBe('yes');
    expect(await stored.admits(NEW)).toMatch(REFUSED);
    await stored.lead(`${NEW},${OLD}`);
    for (const text of [NEW, `${NEW},${OLD}`, `${OLD},${NEW}`]) expect(await stored.admits(text)).toBe('yes');
    expect(await stored.admits(OLD)).toMatch(REFUSED);
  });

  test('both keys are required from before the first secret is encrypted until all are', async () => {
    const stored = new Stored();
    await stored.lead(OLD);
    await stored.begin(`${NEW},${OLD}`);
    for (const text of [OLD, NEW]) expect(await stored.admits(text)).toMatch(INCOMPLETE);
    for (const text of [`${NEW},${OLD}`, `${OLD},${NEW}`]) expect(await stored.admits(text)).toBe('yes');
    await expect(stored.begin(OLD)).rejects.toThrow(INCOMPLETE);
  });

  test('a leader goes on where another one was lost', async () => {
    const stored = new Stored();
    await stored.lead(OLD);
    await stored.begin(`${NEW},${OLD}`);
    await stored.lead(`${NEW},${OLD}`);
    expect(await stored.admits(NEW)).toBe('yes');
  });

  test('a leader that still has the old key first encrypts with that again', async () => {
    const stored = new Stored();
    await stored.lead(`${NEW},${OLD}`);
    await stored.lead(`${OLD},${NEW}`);
    expect(await stored.admits(OLD)).toBe('yes');
    expect(await stored.admits(NEW)).toMatch(REFUSED);
  });

  test('a server that runs without the new key can no longer lead', async () => {
    const stored = new Stored();
    await stored.lead(`${NEW},${OLD}`);
    await expect(stored.begin(OLD)).rejects.toThrow(REFUSED);
  });

  test('an unknown key is refused all the time', async () => {
    const stored = new Stored();
    await stored.lead(OLD);
    expect(await stored.admits(THIRD)).toMatch(REFUSED);
    await stored.begin(`${NEW},${OLD}`);
    expect(await stored.admits(THIRD)).toMatch(REFUSED);
    await stored.lead(`${NEW},${OLD}`);
    expect(await stored.admits(THIRD)).toMatch(REFUSED);
    expect(await stored.admits(`${THIRD},${OLD}`)).toMatch(REFUSED);
  });
});

test('a term with the same key as before stores nothing', async () => {
  const stored = new Stored();
  await stored.lead(OLD);
  const before = stored.check;
  await stored.lead(OLD);
  expect(stored.check).toBe(before);
});

test('what is stored contains no key', async () => {
  const stored = new Stored();
  await stored.begin(`${NEW},${OLD}`);
  expect(stored.check).not.toMatch(/n{32}|o{32}/);
});

test('a database that was told to forget its key accepts any', async () => {
  const stored = new Stored();
  await stored.lead(OLD);
  stored.check = null;
  await stored.lead(THIRD);
  expect(await stored.admits(THIRD)).toBe('yes');
  expect(await stored.admits(OLD)).toMatch(REFUSED);
});
