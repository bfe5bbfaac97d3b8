import { describe, expect, test } from 'vitest';
import {
  changesDue,
  isNewKeyDue,
  PUBLISHED_AFTER_MS,
  PUBLISHED_BEFORE_MS,
  signerOf,
} from '../../src/proofs/keys/key-rotation.js';
import { makeKey, retired, type ProofKey, type SigningKey } from '../../src/proofs/keys/proof-key.js';
import { SecretBox } from '../../src/secrets/secret-box.js';

const DAY_MS = 24 * 3_600_000;
const NOW = 1_800_000_000_000;
const secrets = new SecretBox('the secret of these tests');

const key = (createdAt: number): Promise<SigningKey> => makeKey(secrets, createdAt);

/** The key of a server that lost what could open it. */
function locked({ row, publicKey }: ProofKey): ProofKey {
  return { row, publicKey, privateKey: null };
}

describe('the signer', () => {
  test('is the first key, at once', async () => {
    const first = await key(NOW);
    expect(signerOf([first], NOW)).toBe(first);
  });

  test('is the newest key once it has been published for an hour', async () => {
    const [old, young] = [await key(NOW - DAY_MS), await key(NOW)];
    expect(signerOf([young, old], NOW + PUBLISHED_BEFORE_MS - 1)).toBe(old);
    expect(signerOf([young, old], NOW + PUBLISHED_BEFORE_MS)).toBe(young);
  });

  test('is never a key that cannot sign', async () => {
    const [old, young] = [await key(NOW - DAY_MS), await key(NOW - 2)];
    expect(signerOf([old, locked(young)], NOW + DAY_MS)).toBe(old);
    expect(signerOf([retired(old, NOW), locked(young)], NOW)).toBeNull();
    expect(signerOf([], NOW)).toBeNull();
  });
});

describe('a new key is due', () => {
  test('if there is none that can sign', async () => {
    expect(isNewKeyDue([], NOW, DAY_MS)).toBe(true);
    expect(isNewKeyDue([locked(await key(NOW)), retired(await key(NOW), NOW)], NOW, DAY_MS)).toBe(true);
  });

  test('when the newest one has its age, whatever the others have', async () => {
    const keys = [await key(NOW), await key(NOW - DAY_MS)];
    expect(isNewKeyDue(keys, NOW + DAY_MS - 1, DAY_MS)).toBe(false);
    expect(isNewKeyDue(keys, NOW + DAY_MS, DAY_MS)).toBe(true);
  });
});

describe('the changes that are due', () => {
  test('are none while one key signs and its successor is published', async () => {
    const keys = [await key(NOW - DAY_MS), await key(NOW)];
    expect(changesDue(keys, NOW + PUBLISHED_BEFORE_MS - 1)).toEqual([]);
  });

  test('retire a key when its successor signs, and erase its private half', async () => {
    const [old, young] = [await key(NOW - DAY_MS), await key(NOW)];
    const at = NOW + PUBLISHED_BEFORE_MS;
    const row = { ...old.row, sealedPrivateKey: null, retiredAt: at };
    expect(changesDue([young, old], at)).toEqual([
      { kind: 'put', key: { row, publicKey: old.publicKey, privateKey: null } },
    ]);
  });

  test('forget a key a day after it was retired', async () => {
    const [old, young] = [retired(await key(NOW - DAY_MS), NOW), await key(NOW - DAY_MS)];
    expect(changesDue([old, young], NOW + PUBLISHED_AFTER_MS - 1)).toEqual([]);
    expect(changesDue([old, young], NOW + PUBLISHED_AFTER_MS)).toEqual([{ kind: 'forget', key: old }]);
  });

  test('retire a key that cannot be opened, although it is the only one', async () => {
    const lost = locked(await key(NOW));
    expect(changesDue([lost], NOW)).toEqual([{ kind: 'put', key: retired(lost, NOW) }]);
  });

  test('leave one of two keys with the same age', async () => {
    const keys = [await key(NOW), await key(NOW)];
    const due = changesDue(keys, NOW + PUBLISHED_BEFORE_MS);
    expect(due).toHaveLength(1);
    expect(due[0]?.key.row.keyId).not.toBe(signerOf(keys, NOW + PUBLISHED_BEFORE_MS)?.row.keyId);
  });

  test('count a key from now on if the wall clock was set back', async () => {
    const [young, old] = [await key(NOW + DAY_MS), retired(await key(NOW - DAY_MS), NOW + 1)];
    expect(changesDue([young, old], NOW).map((change) => change.key.row)).toEqual([
      { ...young.row, createdAt: NOW },
      { ...old.row, retiredAt: NOW },
    ]);
    expect(signerOf([young], NOW)).toBe(young);
  });
});
