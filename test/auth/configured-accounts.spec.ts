import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AuditTrail } from '../../src/audit/audit-trail.js';
import { recordConfigured } from '../../src/auth/configured-accounts.js';
import { TrustedIssuers } from '../../src/auth/exchange/trusted-issuers.js';
import { StaticTokens } from '../../src/auth/tokens/static-tokens.js';
import { hashToken } from '../../src/auth/tokens/token-format.js';
import { firstIdOf } from '../../src/auth/tokens/valid-token.js';
import { loadConfig } from '../../src/config/config.js';
import { SecretBox } from '../../src/secrets/secret-box.js';
import { linesOf, recordAll, verify } from '../audit/audit-fixture.js';
import { StoreRig } from '../support/store.js';
import { testFolder } from '../support/temp-folder.js';

const FIRST = 'the-first-token-of-ci';
const SECOND = 'the-second-token-of-ci';
const KEY = 'the-admin-key-of-operators';

const SECRETS = new SecretBox('the secret of these tests');

const idOf = (token: string): string => firstIdOf(hashToken(token));

/** What the start of a server with these settings adds to the audit. */
async function startWith(rig: StoreRig, environment: Record<string, string>): Promise<unknown[]> {
  const { store, journal, clock } = rig;
  const before = (await linesOf(journal)).length;
  const config = loadConfig(environment);
  await recordConfigured({
    journal,
    store,
    trail: new AuditTrail(clock),
    config,
    staticTokens: StaticTokens.fromConfig(config),
    issuers: TrustedIssuers.fromConfig(config),
    secrets: SECRETS,
  });
  const lines = await linesOf(journal);
  expect(verify(lines).flaw).toBeNull();
  for (const secret of [FIRST, KEY]) expect(lines.join('\n')).not.toContain(secret);
  return lines.slice(before).map((line) => JSON.parse(line) as unknown);
}

test('static tokens and administrators are recorded when they change, by their ids', async () => {
  const rig = await StoreRig.open();
  expect(await startWith(rig, {})).toEqual([]);
  const both = { STATIC_TOKENS: `ci:${SECOND},ci:${FIRST}`, ADMIN_USERS: 'ada,grace' };
  expect(await startWith(rig, both)).toMatchObject([
    {
      action: 'configuration.change',
      actor: { kind: 'server' },
      details: {
        settings: { ADMIN_USERS: ['ada', 'grace'] },
        static_tokens: { 'static:ci': [idOf(FIRST), idOf(SECOND)].toSorted() },
        trusted_issuers: [],
      },
    },
  ]);
  await recordAll(rig.store, ['another act']);
  expect(await startWith(rig, { ...both, STATIC_TOKENS: `ci:${FIRST},ci:${SECOND}` })).toEqual([]);
  const one = { STATIC_TOKENS: `ci:${FIRST}`, ADMIN_USERS: 'ada,grace' };
  expect(await startWith(rig, one)).toMatchObject([
    { details: { static_tokens: { 'static:ci': [idOf(FIRST)] } } },
  ]);
  expect(await startWith(rig, {})).toMatchObject([{ details: { settings: {}, static_tokens: {} } }]);
  expect(await startWith(rig, {})).toEqual([]);
});

test('the keys of operators are recorded by fingerprints that say nothing without SECRET_KEY', async () => {
  const rig = await StoreRig.open();
  const fingerprint = SECRETS.sign('ADMIN_KEY', KEY).slice(0, 16);
  expect(await startWith(rig, { ADMIN_KEY: KEY })).toMatchObject([
    { details: { keys: { ADMIN_KEY: [fingerprint] } } },
  ]);
  expect(await startWith(rig, { ADMIN_KEY: KEY })).toEqual([]);
  expect(await startWith(rig, { ADMIN_KEY: `${KEY},another-key-of-operators` })).toMatchObject([
    { details: { keys: { ADMIN_KEY: expect.arrayContaining([fingerprint]) } } },
  ]);
});

test('trusted issuers are recorded with what they ask of tokens', async () => {
  const rig = await StoreRig.open();
  const file = join(testFolder(), 'issuers.yaml');
  writeFileSync(
    file,
    'issuers: [{ issuer: "https://ci.example.com", audience: locks, subjects: ["repo:acme/*"], claims: { ref: main } }]',
  );
  expect(await startWith(rig, { TRUSTED_ISSUERS_FILE: file })).toMatchObject([
    {
      details: {
        trusted_issuers: [
          {
            issuer: 'https://ci.example.com',
            audience: 'locks',
            subjects: ['repo:acme/*'],
            claims: { ref: ['main'] },
          },
        ],
      },
    },
  ]);
});

test('what was recorded too long ago to be found is recorded again', async () => {
  const rig = await StoreRig.open();
  await startWith(rig, { ADMIN_USERS: 'ada' });
  await recordAll(
    rig.store,
    Array.from({ length: 1_000 }, (_, index) => String(index)),
  );
  expect(await startWith(rig, {})).toMatchObject([{ details: { settings: {} } }]);
});
