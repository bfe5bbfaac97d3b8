import { readFileSync, readdirSync, statSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Client } from '../../lab/kit/http/client.js';
import { ADMIN_KEY, ALICE, BOB, Installation } from '../support/process.js';
import { tracesIn, tracesOf } from '../../lab/kit/secret-traces.js';

const WEBHOOK_SECRET = 'a-webhook-secret-that-nobody-may-see';

/** Makes valid and invalid calls, and returns the secrets that occurred in them. */
async function useEverything(alice: Client, bob: Client): Promise<string[]> {
  const { body: lease } = await alice.post('/locks/a/acquire', { ttl_seconds: 60 });
  const lease_id = String(lease['lease_id']);
  const chosen = crypto.randomUUID();
  await bob.post('/locks/a/acquire', { ttl_seconds: 60, lease_id: chosen });
  await bob.post('/locks/a/release', { lease_id });
  await alice.post('/locks/a/renew', { lease_id, ttl_seconds: 0 });
  await alice.post('/locks/a/renew', { lease_id, ttl_seconds: 60 });
  await alice.post('/locks/a/release', `{"lease_id": "${lease_id}"`);
  await alice.post('/locks/a/release', { lease_id, [lease_id]: lease_id });
  await alice.get(`/locks/a?token=${ALICE}`);
  await alice.get(`/nothing/${lease_id}`);
  await alice.as(`${ALICE}x`).get('/locks');
  await alice.as(ADMIN_KEY).get('/metrics');
  await alice.as(ADMIN_KEY).get('/admin/status');
  await alice.get('/admin/status', { headers: { 'x-admin-key': `${ADMIN_KEY}x` } });
  await alice.post('/webhooks', { url: 'https://example.invalid/hook', secret: WEBHOOK_SECRET });
  await alice.post('/webhooks', {
    url: `http://user:${WEBHOOK_SECRET}@example.invalid/`,
    secret: WEBHOOK_SECRET,
  });
  await alice.get(`/auth/github/callback?code=${chosen}&state=${chosen}`);
  const { body: rotated } = await bob.post('/auth/token/rotate');
  await alice.post('/locks/a/release', { lease_id });
  return [lease_id, chosen, String(rotated['token'])];
}

function expectPrivate(installation: Installation): void {
  const files = readdirSync(installation.folder);
  for (const suffix of ['', '-wal', '.key', '.lock']) expect(files).toContain(`octostore.db${suffix}`);
  for (const name of files) {
    const mode = (statSync(installation.path(name)).mode & 0o777).toString(8);
    expect({ name, mode }).toEqual({ name, mode: '600' });
  }
}

test('every log line is JSON without secrets, and only their owner can read the files', async () => {
  const installation = new Installation({ LOG_LEVEL: 'trace' });
  const server = await installation.start();
  const secrets = await useEverything(server.alice, server.bob);
  expectPrivate(installation);
  const key = readFileSync(`${installation.databasePath}.key`, 'utf8');
  await server.kill('SIGTERM');
  const { stdout, stderr } = server.program;
  expect(stderr).toBe('');
  const lines = stdout.trimEnd().split('\n');
  expect(lines.length).toBeGreaterThan(20);
  for (const line of lines)
    expect(JSON.parse(line)).toMatchObject({ level: expect.any(String), msg: expect.any(String) });
  for (const secret of [...secrets, ALICE, BOB, ADMIN_KEY, key, WEBHOOK_SECRET]) {
    expect({ secret, traces: tracesIn(Buffer.from(stdout), tracesOf(secret)) }).toEqual({
      secret,
      traces: [],
    });
  }
});
