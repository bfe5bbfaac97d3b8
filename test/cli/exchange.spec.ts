import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { IssuerDouble } from '../../lab/kit/doubles/issuer-double.js';
import { EXIT } from '../../src/cli/shared/exit-codes.js';
import type { Finished } from '../support/process.js';
import { startServer, type TestServer } from '../support/server.js';
import { makeFolder } from '../support/temp-folder.js';
import { octostore } from './cli-rig.js';

const AUDIENCE = 'https://locks.example.com';
const SUBJECT = 'repo:acme/app:ref:refs/heads/main';

const folder = makeFolder();
const tokenFile = join(folder.path, 'job.jwt');
let issuer: IssuerDouble;
let server: TestServer;

beforeAll(async () => {
  issuer = await IssuerDouble.start();
  const issuersFile = join(folder.path, 'issuers.yaml');
  const entry = { issuer: issuer.url, audience: AUDIENCE, subjects: ['repo:acme/*'] };
  writeFileSync(issuersFile, JSON.stringify({ issuers: [{ ...entry, ca_file: issuer.certificate.caFile }] }));
  server = await startServer({ TRUSTED_ISSUERS_FILE: issuersFile });
  const now = Math.floor(Date.now() / 1000);
  writeFileSync(tokenFile, await issuer.sign({ sub: SUBJECT, aud: AUDIENCE, iat: now, exp: now + 3600 }));
});

afterAll(async () => {
  await server.close();
  await issuer.close();
  folder.remove();
});

/** Runs a command without any token but that of the issuer. */
function run(args: readonly string[], settings: Record<string, string | undefined> = {}): Promise<Finished> {
  const own = { OCTOSTORE_TOKEN: undefined, OCTOSTORE_OIDC_TOKEN_FILE: tokenFile };
  return octostore(args, server.url, { ...own, ...settings }).finish();
}

test('commands exchange by themselves', async () => {
  const { stdout } = await run(['whoami', '--json']);
  expect(JSON.parse(stdout)).toMatchObject({ user: `oidc:${issuer.url}:${SUBJECT}` });
  const acquired = await run(['lock', 'acquire', 'exchange/a', '--json']);
  const { lease_id } = JSON.parse(acquired.stdout) as { lease_id: string };
  // Another command has another token, but the same subject.
  expect(await run(['lock', 'release', 'exchange/a', '--lease-id', lease_id])).toMatchObject({ code: 0 });
});

test('lock run exchanges, and its command gets no token', async () => {
  const command = ['sh', '-c', 'echo "token: $OCTOSTORE_TOKEN, lease: ${OCTOSTORE_LEASE_ID:+yes}"'];
  const { code, stdout } = await run(['lock', 'run', 'exchange/b', '--', ...command]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'token: , lease: yes\n' });
});

test('login stores the exchanged token, and a token in the environment comes first', async () => {
  const login = await run(['login', '--oidc-token-file', tokenFile, '--json']);
  expect(JSON.parse(login.stdout)).toMatchObject({
    status: 'signed_in',
    user: `oidc:${issuer.url}:${SUBJECT}`,
    expires_at: expect.stringMatching(/Z$/),
  });
  const { code } = await run(['whoami'], { OCTOSTORE_TOKEN: 'octo_mistyped' });
  expect(code).toBe(EXIT.notPermitted);
});

test('a file that is missing, and a token that is refused, are said plainly', async () => {
  const missing = await run(['lock', 'list'], { OCTOSTORE_OIDC_TOKEN_FILE: '/none' });
  expect(missing).toMatchObject({ code: EXIT.notPermitted });
  expect(missing.stderr).toContain('/none cannot be read (ENOENT)');
  const otherFile = join(folder.path, 'other.jwt');
  writeFileSync(otherFile, await issuer.sign({ sub: SUBJECT, aud: 'elsewhere', iat: 1, exp: 2 }));
  const refused = await run(['login', '--oidc-token-file', otherFile]);
  expect(refused.code).toBe(EXIT.notPermitted);
  expect(refused.stderr).toContain(`Its audience must be exactly ${AUDIENCE}.`);
});
