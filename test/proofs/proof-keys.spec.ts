import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Logger, type LoggerService } from '@nestjs/common';
import { SignJWT, createLocalJWKSet, jwtVerify } from 'jose';
import { beforeEach, describe, expect, test } from 'vitest';
import { tracesIn, tracesOf } from '../../lab/kit/secret-traces.js';
import { SqliteLocation } from '../../src/installation/sqlite-location.js';
import { databaseFileAt } from '../../src/journal/database-file-at.js';
import type { ProofKeyRow } from '../../src/journal/rows/proof-key-row.js';
import { UnusableRowError } from '../../src/journal/errors.js';
import { RowChanges } from '../../src/journal/row-changes.js';
import { PUBLISHED_AFTER_MS, PUBLISHED_BEFORE_MS } from '../../src/proofs/keys/key-rotation.js';
import { ProofKeysJob } from '../../src/proofs/keys/proof-keys.job.js';
import { ProofKeys } from '../../src/proofs/keys/proof-keys.js';
import { SecretBox } from '../../src/secrets/secret-box.js';
import { JobRunner } from '../../src/store/jobs/job-runner.js';
import { testFolder } from '../support/temp-folder.js';
import { StoreRig } from '../support/store.js';

const DAYS = 2;
const PERIOD_MS = DAYS * 24 * 3_600_000;
const MINUTE_MS = 60_000;

const logged: [string, unknown][] = [];
const recorder: LoggerService = {
  log: (message: unknown) => logged.push(['log', message]),
  warn: (message: unknown) => logged.push(['warn', message]),
  error: (message: unknown) => logged.push(['error', message]),
};

beforeEach(() => {
  logged.length = 0;
  Logger.overrideLogger(recorder);
});

function openKeys({ journal, store, clock }: StoreRig, secret = 'the first secret'): Promise<ProofKeys> {
  const config = { PROOF_KEY_DAYS: DAYS };
  return ProofKeys.open({ journal, store, clock, config, secrets: new SecretBox(secret) });
}

function idsOf(keys: ProofKeys): string[] {
  return [...keys.published].map(({ row }) => row.keyId);
}

function rowsOf({ journal }: StoreRig): Promise<ProofKeyRow[]> {
  return journal.load('proof_keys');
}

function sign({ signer }: ProofKeys): Promise<string> {
  return new SignJWT({ n: 1 })
    .setProtectedHeader({ alg: 'EdDSA', kid: signer.row.keyId })
    .sign(signer.privateKey);
}

/** Fails unless the signature is that of a published key. */
async function verify({ published }: ProofKeys, token: string): Promise<void> {
  const keys = [...published].map(({ row, publicKey }) => Object.assign({ kid: row.keyId }, publicKey));
  await jwtVerify(token, createLocalJWKSet({ keys }));
}

describe('the keys of a server', () => {
  test('the first one is made at the start, and signs at once', async () => {
    const keys = await openKeys(await StoreRig.open());
    expect(idsOf(keys)).toEqual([keys.signer.row.keyId]);
    await verify(keys, await sign(keys));
  });

  test('the private half is stored sealed', async () => {
    const rig = await StoreRig.open();
    const keys = await openKeys(rig);
    const [row] = await rowsOf(rig);
    expect(row).toEqual({
      keyId: keys.signer.row.keyId,
      publicKey: JSON.stringify(keys.signer.publicKey),
      sealedPrivateKey: expect.stringMatching(/^[\w-]+$/),
      createdAt: rig.clock.wallMs(),
      retiredAt: null,
    });
    expect(Object.keys(keys.signer.publicKey)).toEqual(['kty', 'crv', 'x']);
    expect(keys.signer.privateKey.extractable).toBe(false);
  });

  test('no file contains the private half', async () => {
    const rig = await StoreRig.open();
    await openKeys(rig);
    const [row] = await rowsOf(rig);
    const opened = new SecretBox('the first secret').open(
      `proof-key ${row?.keyId}`,
      String(row?.sealedPrivateKey),
    );
    const { d, x } = JSON.parse(String(opened)) as Record<'d' | 'x', string>;
    const folder = dirname(rig.path);
    const contents = readdirSync(folder).map((name) => readFileSync(join(folder, name)));
    expect(contents.flatMap((content) => tracesIn(content, tracesOf(d)))).toEqual([]);
    expect(contents.some((content) => tracesIn(content, tracesOf(x)).length > 0)).toBe(true);
  });

  test('a backup has them, and a restore brings them back', async () => {
    const rig = await StoreRig.open();
    const before = await openKeys(rig);
    const backup = join(testFolder(), 'backup.db');
    await rig.journal.file?.backUp(backup);
    rig.clock.advance(PERIOD_MS);
    await before.rotate();
    await rig.close();
    await databaseFileAt(await SqliteLocation.find(rig.path)).restore(backup, rig.clock.wallMs());
    await rig.start();
    expect((await openKeys(rig)).signer.row).toEqual(before.signer.row);
  });

  test('a restart keeps them', async () => {
    const rig = await StoreRig.open();
    const token = await sign(await openKeys(rig));
    await rig.restart(MINUTE_MS);
    const [before] = await rowsOf(rig);
    const keys = await openKeys(rig);
    expect(await rowsOf(rig)).toEqual([before]);
    expect(keys.signer.row).toEqual(before);
    await verify(keys, token);
  });

  test('a key that is not durable neither signs nor is published', async () => {
    const rig = await StoreRig.open();
    const keys = await openKeys(rig);
    const first = idsOf(keys);
    rig.clock.advance(PERIOD_MS);
    rig.journal.hold();
    const rotation = keys.rotate();
    await rig.journal.isHolding();
    expect(idsOf(keys)).toEqual(first);
    rig.journal.letGo();
    await rotation;
    expect(idsOf(keys)).toHaveLength(2);
  });
});

describe('the rotation', () => {
  test('publishes a key for an hour before it signs, and for a day after', async () => {
    const rig = await StoreRig.open();
    const keys = await openKeys(rig);
    const [first] = idsOf(keys);
    rig.clock.advance(PERIOD_MS - 1);
    await keys.rotate();
    expect(idsOf(keys)).toEqual([first]);

    rig.clock.advance(1);
    await keys.rotate();
    const [, second] = idsOf(keys);
    expect(second).toBeDefined();
    expect(keys.signer.row.keyId).toBe(first);
    const token = await sign(keys);

    rig.clock.advance(PUBLISHED_BEFORE_MS);
    await keys.rotate();
    expect(keys.signer.row.keyId).toBe(second);
    expect(idsOf(keys)).toEqual([first, second]);
    await verify(keys, token);
    await verify(keys, await sign(keys));

    rig.clock.advance(PUBLISHED_AFTER_MS - 1);
    await keys.rotate();
    await verify(keys, token);
    rig.clock.advance(1);
    await keys.rotate();
    expect(idsOf(keys)).toEqual([second]);
    await expect(verify(keys, token)).rejects.toThrow(/no applicable key/);
    expect((await rowsOf(rig)).map(({ keyId }) => keyId)).toEqual([second]);
  });

  test('erases the private half of a key when it retires', async () => {
    const rig = await StoreRig.open();
    const keys = await openKeys(rig);
    const [first] = idsOf(keys);
    rig.clock.advance(PERIOD_MS);
    await keys.rotate();
    rig.clock.advance(PUBLISHED_BEFORE_MS);
    await keys.rotate();
    const rows = await rowsOf(rig);
    expect(rows.find(({ keyId }) => keyId === first)).toMatchObject({
      sealedPrivateKey: null,
      retiredAt: rig.clock.wallMs(),
    });
    expect([...keys.published].map(({ privateKey }) => privateKey === null)).toEqual([true, false]);
  });

  test('goes on after a restart in the middle of it', async () => {
    const rig = await StoreRig.open();
    const before = await openKeys(rig);
    const [first] = idsOf(before);
    rig.clock.advance(PERIOD_MS);
    await before.rotate();
    const second = idsOf(before).find((id) => id !== first);
    await rig.restart(MINUTE_MS);
    const during = await openKeys(rig);
    expect(during.signer.row.keyId).toBe(first);
    await rig.restart(PUBLISHED_BEFORE_MS);
    const after = await openKeys(rig);
    expect(after.signer.row.keyId).toBe(second);
    expect(new Set(idsOf(after))).toEqual(new Set([first, second]));
  });

  test('after a long time off, the old key signs until the new one is known', async () => {
    const rig = await StoreRig.open();
    const [first] = idsOf(await openKeys(rig));
    await rig.restart(10 * PERIOD_MS);
    const keys = await openKeys(rig);
    expect(idsOf(keys)).toHaveLength(2);
    expect(keys.signer.row.keyId).toBe(first);
  });

  test('writes nothing if nothing is due', async () => {
    const rig = await StoreRig.open();
    const keys = await openKeys(rig);
    const commits = rig.journal.batches.length;
    rig.clock.advance(MINUTE_MS);
    await keys.rotate();
    expect(rig.journal.batches).toHaveLength(commits);
  });

  test('goes on if the wall clock was set back for years', async () => {
    const rig = await StoreRig.open();
    const keys = await openKeys(rig);
    const [first] = idsOf(keys);
    rig.clock.jumpWall(-1000 * PERIOD_MS);
    await keys.rotate();
    expect(keys.signer.row).toMatchObject({ keyId: first });
    rig.clock.advance(PERIOD_MS);
    await keys.rotate();
    expect(idsOf(keys)).toHaveLength(2);
  });

  test('is a job that ends with the store', async () => {
    const rig = await StoreRig.open();
    const keys = await openKeys(rig);
    const job = new ProofKeysJob(new JobRunner(), rig.store, keys);
    rig.clock.advance(PERIOD_MS);
    await job.rotate();
    expect(idsOf(keys)).toHaveLength(2);
    rig.journal.failFromNowOn();
    rig.clock.advance(PUBLISHED_BEFORE_MS);
    await job.rotate();
    await job.rotate();
    expect(logged.filter(([level]) => level === 'error')).toHaveLength(1);
  });
});

describe('another secret than before', () => {
  test('gets a new key at once, and the fault is logged', async () => {
    const rig = await StoreRig.open();
    const before = await openKeys(rig);
    const token = await sign(before);
    await rig.restart();
    logged.length = 0;
    const keys = await openKeys(rig, 'another secret');
    const [lost, fresh] = idsOf(keys);
    expect(lost).toBe(before.signer.row.keyId);
    expect(keys.signer.row.keyId).toBe(fresh);
    // What it has signed can still be verified.
    await verify(keys, token);
    await verify(keys, await sign(keys));
    expect(logged[0]).toEqual([
      'error',
      { message: expect.stringMatching(/cannot be opened.*A new key replaces it/), keyId: lost },
    ]);
    const rows = await rowsOf(rig);
    expect(rows.find(({ keyId }) => keyId === lost)).toMatchObject({ sealedPrivateKey: null });
  });

  test('is reported once, not at every start', async () => {
    const rig = await StoreRig.open();
    await openKeys(rig);
    for (let start = 0; start < 2; start += 1) {
      await rig.restart();
      await openKeys(rig, 'another secret');
    }
    expect(logged.filter(([level]) => level === 'error')).toHaveLength(1);
  });

  test('a private half is not accepted as that of another key', async () => {
    const rig = await StoreRig.open();
    await openKeys(rig);
    rig.clock.advance(PERIOD_MS);
    await rig.restart();
    await openKeys(rig);
    const [one, other] = await rowsOf(rig);
    if (one === undefined || other === undefined) throw new Error('there must be two keys');
    const swapped = { ...one, sealedPrivateKey: other.sealedPrivateKey };
    await rig.store.write(new RowChanges().put('proof_keys', swapped));
    await rig.restart();
    const keys = await openKeys(rig);
    expect(keys.signer.row.keyId).toBe(other.keyId);
  });
});

test.each(['{}', 'no JSON', '{"kty":"OKP","crv":"X25519","x":"AA"}'])(
  'a public key that is none stops the start: %s',
  async (publicKey) => {
    const rig = await StoreRig.open();
    const row = { keyId: 'k', publicKey, sealedPrivateKey: null, createdAt: 1, retiredAt: 2 };
    await rig.store.write(new RowChanges().put('proof_keys', row));
    await expect(openKeys(rig)).rejects.toThrow(UnusableRowError);
  },
);
