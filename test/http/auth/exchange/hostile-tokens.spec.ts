import { createHmac, type webcrypto } from 'node:crypto';
import { CompactSign, exportSPKI, importJWK, type JWTPayload } from 'jose';
import { describe, expect, test } from 'vitest';
import { makeIssuerKey } from '../../../../lab/kit/doubles/issuer-double.js';
import type { ErrorCode } from '../../../../src/errors/error-table.js';
import { AUDIENCE, MAIN, useExchange } from './exchange-suite.js';

const suite = useExchange({
  audience: AUDIENCE,
  subjects: ['repo:acme/*'],
  claims: { repository_owner: ['acme', 'acme-tools'], ref_protected: true },
});

const OWN = { repository_owner: 'acme', ref_protected: true };

const encode = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

async function expectRefused(token: string, details: string, code: ErrorCode = 'subject_token_refused') {
  const { body } = await suite.expectRefusal(code, () => suite.exchange(token));
  expect(body['details']).toBe(details);
}

/** The claims as the issuer would sign them. */
const claims = (changes: JWTPayload = {}): JWTPayload =>
  suite.claims({ iss: suite.issuer.url, ...OWN, ...changes });

/** Signs any text with the key of the issuer. */
async function signText(payload: string, header: object = {}): Promise<string> {
  const [key] = suite.issuer.keys;
  if (key === undefined) throw new Error('the issuer has no key');
  return new CompactSign(Buffer.from(payload))
    .setProtectedHeader({ alg: key.alg, kid: key.kid, ...header })
    .sign(key.privateKey);
}

test('a token with all that is demanded is accepted', async () => {
  expect((await suite.exchange(await suite.token(OWN))).status).toBe(200);
  const other = await suite.token({ ...OWN, repository_owner: 'acme-tools', aud: [AUDIENCE] });
  expect((await suite.exchange(other)).status).toBe(200);
});

describe('the signature', () => {
  const NOT_ALLOWED = 'Its signature algorithm is not allowed.';
  const NOT_VALID = 'Its signature is not valid.';

  test('none at all', async () => {
    for (const alg of ['none', 'None', 'NONE', '']) {
      const unsigned = `${encode({ alg, typ: 'JWT' })}.${encode(claims())}`;
      await expectRefused(`${unsigned}.`, 'It is not a signed JSON Web Token.');
      await expectRefused(`${unsigned}.AA`, NOT_ALLOWED);
    }
  });

  test('the public key of the issuer as a shared secret', async () => {
    const [key] = suite.issuer.keys;
    const spki = await exportSPKI((await importJWK(key?.publicJwk ?? {}, 'RS256')) as webcrypto.CryptoKey);
    for (const secret of [spki, JSON.stringify(key?.publicJwk)]) {
      const signed = `${encode({ alg: 'HS256', typ: 'JWT', kid: 'key-1' })}.${encode(claims())}`;
      const mac = createHmac('sha256', secret).update(signed).digest('base64url');
      await expectRefused(`${signed}.${mac}`, NOT_ALLOWED);
    }
  });

  test('another key with the key id of the issuer, also if the token brings it along', async () => {
    const forged = await makeIssuerKey('key-1');
    for (const header of [
      {},
      { jwk: forged.publicJwk },
      { jku: 'https://evil.example/jwks' },
      { x5u: 'https://evil.example/cert' },
    ]) {
      const token = await new CompactSign(Buffer.from(JSON.stringify(claims())))
        .setProtectedHeader({ alg: 'RS256', kid: 'key-1', ...header })
        .sign(forged.privateKey);
      await expectRefused(token, NOT_VALID);
    }
  });

  test('another algorithm than that of the key', async () => {
    const [key] = suite.issuer.keys;
    const elliptic = await makeIssuerKey('key-1', 'ES256');
    const token = await new CompactSign(Buffer.from(JSON.stringify(claims())))
      .setProtectedHeader({ alg: 'ES256', kid: key?.kid })
      .sign(elliptic.privateKey);
    await expectRefused(token, 'None of the keys of its issuer fits its key id and algorithm.');
  });

  test('claims that were changed after it was signed', async () => {
    const [header, , signature] = (await suite.token(OWN)).split('.');
    const changed = encode(claims({ sub: 'repo:acme/secret:ref:refs/heads/main' }));
    await expectRefused(`${header}.${changed}.${signature}`, NOT_VALID);
  });

  test.each(['../../../../etc/passwd', '/jwks', "' or 1=1 --", 'https://evil.example/key', '__proto__', ''])(
    'the key id %j is only a text',
    async (kid) => {
      const before = suite.issuer.asked.length;
      await expectRefused(
        await suite.issuer.sign(claims(), { kid }),
        'None of the keys of its issuer fits its key id and algorithm.',
      );
      // Keys that were just got are not got again, whatever the token says.
      expect(suite.issuer.asked.length).toBe(before);
    },
  );
});

describe('the form', () => {
  const NOT_A_TOKEN = 'It is not a signed JSON Web Token.';

  test.each(['x', 'a.b', 'a.b.c', 'a.b.c.d.e', '..', 'e30.e30.e30.', 'octo_abc'])('%s', async (text) => {
    await expectRefused(text, NOT_A_TOKEN);
  });

  test('a claim twice, also deep inside and written differently', async () => {
    const plain = JSON.stringify(claims());
    await expectRefused(await signText(`{"sub":"repo:acme/other",${plain.slice(1)}`), NOT_A_TOKEN);
    await expectRefused(await signText(`{"s\\u0075b":"repo:acme/other",${plain.slice(1)}`), NOT_A_TOKEN);
    await expectRefused(await signText(`{"a":[{"b":1,"b":2}],${plain.slice(1)}`), NOT_A_TOKEN);
    const fine = await signText(`{"a":[{"b":"b:"},{"b":"\\"b\\":"}],${plain.slice(1)}`);
    expect((await suite.exchange(fine)).status).toBe(200);
  });

  test('claims that are no object', async () => {
    for (const text of ['[]', 'null', '"text"', '1', 'x'])
      await expectRefused(await signText(text), NOT_A_TOKEN);
  });

  test('another type, and extensions that must be understood', async () => {
    const other = 'Its type is not JWT, so it is meant for something else.';
    for (const typ of ['octostore-proof+jwt', 'logout+jwt', 'at+jwt'])
      await expectRefused(await suite.issuer.sign(claims(), { typ }), other);
    const unknown = 'Its header has extensions that this server does not know.';
    const signed = (await suite.token(OWN)).split('.').slice(1).join('.');
    for (const header of [{ crit: ['exp'], exp: 1 }, { crit: [] }, { b64: false }])
      await expectRefused(`${encode({ alg: 'RS256', kid: 'key-1', ...header })}.${signed}`, unknown);
  });

  test('more than a token has', async () => {
    await expectRefused(
      await suite.token({ ...OWN, filler: 'x'.repeat(8_000) }),
      'It has more than 8192 characters.',
    );
    const body = await suite.expectRefusal('body_too_large', () => suite.exchange('x'.repeat(17_000)));
    expect(body.status).toBe(413);
  });
});

describe('the claims', () => {
  const at = (seconds: number): number => Math.floor(suite.clock.wallMs() / 1000) + seconds;

  test('another issuer, though its name begins the same', async () => {
    const { url } = suite.issuer;
    const others = [`${url}.evil.example`, `${url}/`, `${url}/x`, `${url}:1`, ` ${url}`, url.toUpperCase()];
    for (const iss of [...others, '', undefined, [url] as unknown as string])
      await expectRefused(await suite.token({ ...OWN, iss }), 'This server does not trust its issuer.');
  });

  test('another audience, or a second one', async () => {
    const details = `Its audience must be exactly ${AUDIENCE}.`;
    for (const aud of [
      'https://elsewhere.example',
      `${AUDIENCE}/`,
      [],
      [AUDIENCE, 'https://elsewhere.example'],
    ])
      await expectRefused(await suite.token({ ...OWN, aud }), details);
    await expectRefused(await signText(JSON.stringify({ ...claims(), aud: undefined })), details);
  });

  test('an end in the past, within what clocks may differ', async () => {
    const early = { ...OWN, iat: at(-300), nbf: at(-300) };
    expect((await suite.exchange(await suite.token({ ...early, exp: at(-29) }))).status).toBe(200);
    await expectRefused(await suite.token({ ...early, exp: at(-31) }), 'It has expired. Get a new one.');
  });

  test('a beginning in the future, within what clocks may differ', async () => {
    const details = 'It is not valid yet. Compare the clock of its issuer with that of this server.';
    expect((await suite.exchange(await suite.token({ ...OWN, nbf: at(29), iat: at(29) }))).status).toBe(200);
    await expectRefused(await suite.token({ ...OWN, nbf: at(31) }), details);
    await expectRefused(await suite.token({ ...OWN, iat: at(31) }), details);
  });

  test('no times, times that are none, and a token that never ends', async () => {
    const none = 'It does not say when it was issued and when it expires.';
    for (const times of [{ exp: undefined }, { iat: undefined }, { exp: 'x' }, { exp: -1 }, { nbf: 'x' }])
      await expectRefused(await signText(JSON.stringify({ ...claims(), ...times })), none);
    const long = 'It must not last longer than 24 hours.';
    await expectRefused(await suite.token({ ...OWN, exp: at(25 * 3600) }), long);
    await expectRefused(await suite.token({ ...OWN, iat: at(-5 * 3600), exp: at(20 * 3600) }), long);
    await expectRefused(await suite.token({ ...OWN, iat: at(20), exp: at(10) }), long);
  });

  test.each([
    'repo:acme',
    'repo:acme-evil/app:ref:refs/heads/main',
    'REPO:acme/app',
    'xrepo:acme/app',
    ' repo:acme/app',
  ])('the subject %j is not on the list', async (sub) => {
    await expectRefused(
      await suite.token({ ...OWN, sub }),
      `No subject that this server accepts from ${suite.issuer.url} matches ${sub}.`,
      'subject_not_allowed',
    );
  });

  test.each(['', undefined, 1, `repo:acme/${'x'.repeat(400)}`, 'repo:acme/\u0000', 'repo:acme/\u202e'])(
    'the subject %j is none',
    async (sub) => {
      const token = await signText(JSON.stringify({ ...claims(), sub }));
      await expectRefused(token, 'Its subject is missing or not valid.');
    },
  );

  test.each([
    { repository_owner: 'evil' },
    { repository_owner: 'Acme' },
    { repository_owner: ['acme'] },
    { ref_protected: 'true' },
    { ref_protected: undefined },
  ])('the demanded claims are %j', async (changes) => {
    const [name] = Object.keys(changes);
    await expectRefused(
      await suite.token({ ...OWN, ...changes }),
      `The claim ${name} has not the value that this server demands.`,
      'subject_not_allowed',
    );
  });

  test('what is not allowed is said only to those who have a valid signature', async () => {
    const forged = await makeIssuerKey('key-1');
    const token = await new CompactSign(Buffer.from(JSON.stringify(claims({ sub: 'repo:evil/app' }))))
      .setProtectedHeader({ alg: 'RS256', kid: 'key-1' })
      .sign(forged.privateKey);
    await expectRefused(token, 'Its signature is not valid.');
  });
});

test('tokens that are refused leave no account', async () => {
  const user = encodeURIComponent(`oidc:${suite.issuer.url}:repo:evil/app`);
  await suite.exchange(await suite.token({ ...OWN, sub: 'repo:evil/app' }));
  expect((await suite.operator.get(`/admin/tokens?user=${user}`)).body).toEqual({ tokens: [] });
  expect(MAIN).toMatch(/^repo:acme\//);
});
