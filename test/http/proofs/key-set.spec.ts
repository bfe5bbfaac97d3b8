import { describe, expect, test } from 'vitest';
import { ProofKeys } from '../../../src/proofs/keys/proof-keys.js';
import { ManualClock } from '../../support/manual-clock.js';
import { startServer } from '../../support/server.js';
import { CheckedClient } from '../../support/schema-client.js';
import { testFolder } from '../../support/temp-folder.js';
import { newName, useServer } from '../suite.js';
import { keySetOf, verified } from './proof-reader.js';

const PATH = '/.well-known/jwks.json';
const HOUR_MS = 3_600_000;
const clock = new ManualClock();
const suite = useServer({ PROOF_KEY_DAYS: '1' }, clock);

async function proofOf(client = suite.alice): Promise<unknown> {
  const body = { ttl_seconds: 3600, proof: true };
  return (await client.post(`/locks/${newName()}/acquire`, body)).body['proof'];
}

async function kidOf(proof: unknown): Promise<unknown> {
  return (await verified(proof, await keySetOf(suite.nobody), clock.wallMs())).protectedHeader.kid;
}

describe('the key set', () => {
  test('has only the public halves', async () => {
    const { keys } = await keySetOf(suite.nobody);
    expect(keys).toEqual([
      {
        kty: 'OKP',
        crv: 'Ed25519',
        x: expect.stringMatching(/^[\w-]{43}$/),
        kid: expect.stringMatching(/^[\w-]{43}$/),
        alg: 'EdDSA',
        use: 'sig',
      },
    ]);
  });

  test('may be cached for five minutes, and asks for nothing', async () => {
    const reply = await suite.nobody.get(PATH);
    expect(reply.headers.get('cache-control')).toBe('public, max-age=300');
    expect(reply.headers.get('content-type')).toBe('application/json; charset=utf-8');
    const withUnknownToken = await suite.nobody.as('an-unknown-token').get(PATH);
    expect(withUnknownToken.body).toEqual(reply.body);
  });

  test('answers HEAD as GET, without a body', async () => {
    const [got, head] = await Promise.all(
      ['GET', 'HEAD'].map((method) => fetch(suite.server.url + PATH, { method })),
    );
    const headersOf = (response?: Response): unknown =>
      ['cache-control', 'content-type', 'content-length'].map((name) => response?.headers.get(name));
    expect(headersOf(head)).toEqual(headersOf(got));
    expect(await head?.text()).toBe('');
  });

  test('answers 405 to everything else', async () => {
    const reply = await suite.nobody.post(PATH, {});
    expect(reply.status).toBe(405);
    expect(reply.headers.get('allow')).toBe('GET, HEAD');
    expect(reply.headers.get('cache-control')).toBe('no-store');
  });

  test('has the next key for an hour before it signs, and the old one for a day after', async () => {
    const keys = suite.server.app.get(ProofKeys);
    const early = await proofOf();
    const first = await kidOf(early);
    clock.advance(24 * HOUR_MS);
    await keys.rotate();
    const published = await keySetOf(suite.nobody);
    expect(published.keys).toHaveLength(2);
    const last = await proofOf();
    expect(await kidOf(last)).toBe(first);

    clock.advance(HOUR_MS - 1);
    await keys.rotate();
    clock.advance(1);
    await keys.rotate();
    const later = await proofOf();
    const second = await kidOf(later);
    expect(second).not.toBe(first);
    // A program that has loaded the set before verifies both.
    await verified(later, published, clock.wallMs());
    await verified(last, await keySetOf(suite.nobody), clock.wallMs() - 1000);
    expect(await kidOf(await proofOf())).toBe(second);

    clock.advance(24 * HOUR_MS);
    await keys.rotate();
    const ids = (await keySetOf(suite.nobody)).keys.map(({ kid }) => kid);
    expect(ids).not.toContain(first);
    expect(ids).toContain(second);
  });
});

describe('after a restart', () => {
  async function proofAndKeys(settings: Record<string, string>) {
    const server = await startServer(settings);
    try {
      const client = new CheckedClient(server.url, server.token);
      return { proof: await proofOf(client), keys: await keySetOf(client.as(null)) };
    } finally {
      await server.close();
    }
  }

  test('the keys are the same', async () => {
    const settings = { DATABASE_URL: `${testFolder()}/octostore.db` };
    const before = await proofAndKeys(settings);
    const after = await proofAndKeys(settings);
    expect(after.keys).toEqual(before.keys);
    await verified(before.proof, after.keys, Date.now());
    await verified(after.proof, before.keys, Date.now());
  });

  test('with another SECRET_KEY a new key signs, and earlier proofs stay valid', async () => {
    const settings = { DATABASE_URL: `${testFolder()}/octostore.db` };
    const before = await proofAndKeys({ ...settings, SECRET_KEY: 'the first secret of all' });
    const after = await proofAndKeys({ ...settings, SECRET_KEY: 'the second secret of all' });
    expect(after.keys.keys).toHaveLength(2);
    await verified(before.proof, after.keys, Date.now());
    await verified(after.proof, after.keys, Date.now());
    await expect(verified(after.proof, before.keys, Date.now())).rejects.toThrow(/no applicable key/);
  });
});
