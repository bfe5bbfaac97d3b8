import { expect, test } from 'vitest';
import { Installation } from '../support/process.js';

const OLD = 'the-old-secret-key';
const NEW = 'the-new-secret-key';

/** What the server logs about its secret keys. A key for proofs is stored from the first start on. */
async function loggedWith(installation: Installation, SECRET_KEY: string): Promise<string> {
  const server = await installation.start({ SECRET_KEY });
  await server.kill('SIGTERM');
  const lines = server.program.stdout.split('\n').filter((line) => line.includes('"Secrets"'));
  for (const key of SECRET_KEY.split(',')) expect(server.program.output).not.toContain(key);
  return lines.join('\n');
}

test('the log says when the old key can be removed', async () => {
  const installation = new Installation();
  expect(await loggedWith(installation, OLD)).toBe('');
  const during = await loggedWith(installation, `${NEW},${OLD}`);
  expect(during).toMatch(/All stored secrets are encrypted with the first key of SECRET_KEY/);
  expect(during).toContain('"proofKeysEncryptedAgain":1');
  expect(await loggedWith(installation, `${NEW},${OLD}`)).toContain('"proofKeysEncryptedAgain":0');
  expect(await loggedWith(installation, NEW)).toBe('');
});

test('the audit says what was encrypted with another key, once', async () => {
  const installation = new Installation();
  await loggedWith(installation, OLD);
  for (let start = 0; start < 2; start += 1) await loggedWith(installation, `${NEW},${OLD}`);
  const { stdout } = await installation.run(['audit', 'export'], { SECRET_KEY: NEW });
  const records = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { action: string });
  expect(records.filter(({ action }) => action === 'secret_key.replace')).toMatchObject([
    { actor: { kind: 'server' }, details: { table: 'proof_keys', encrypted_again: 1 } },
  ]);
});

test('the log says when a key is missing', async () => {
  const installation = new Installation();
  await loggedWith(installation, OLD);
  const logged = await loggedWith(installation, `${NEW},another-secret-key`);
  expect(logged).toMatch(/"lost":1.*No key in SECRET_KEY decrypts some stored secrets\./);
  expect(logged).not.toContain('All stored secrets');
});
