import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Installation, SOON } from '../support/process.js';

/** Runs `curl` as a newcomer does, and returns the JSON that it prints. */
function curl(url: string, token: string, body?: object): Promise<Record<string, unknown>> {
  const data =
    body === undefined
      ? []
      : ['-X', 'POST', '-H', 'Content-Type: application/json', '-d', JSON.stringify(body)];
  return new Promise((resolve, reject) => {
    execFile('curl', ['-sS', '-H', `Authorization: Bearer ${token}`, ...data, url], (error, stdout) => {
      if (error === null) resolve(JSON.parse(stdout) as Record<string, unknown>);
      else reject(error);
    });
  });
}

test('from an empty folder to two programs that share a lock, over a crash', async () => {
  const installation = new Installation({
    STATIC_TOKENS: undefined,
    ADMIN_KEY: undefined,
    DATABASE_URL: undefined,
  });
  const first = await installation.start();
  const [, file = ''] = await first.program.printed(/"file":"([^"]+\.first-token)"/);
  const token = readFileSync(file, 'utf8').trim();
  const lock = `${first.url}/locks/deploy`;

  const one = await curl(`${lock}/acquire`, token, { ttl_seconds: 60, lease_id: crypto.randomUUID() });
  expect(one).toMatchObject({ status: 'acquired', holder: 'local' });
  await expect.poll(() => existsSync(file), SOON).toBe(false);
  const waiting = curl(`${lock}/acquire`, token, {
    ttl_seconds: 60,
    wait_seconds: 30,
    lease_id: crypto.randomUUID(),
  });
  await expect.poll(async () => (await curl(lock, token))['waiters'], SOON).toBe(1);
  expect(await curl(`${lock}/release`, token, { lease_id: one['lease_id'] })).toMatchObject({
    status: 'released',
  });
  const two = await waiting;
  expect(two).toMatchObject({ status: 'acquired', name: 'deploy' });
  expect(Number(two['fencing_token'])).toBeGreaterThan(Number(one['fencing_token']));

  await first.kill();
  const second = await installation.start();
  expect(await curl(`${second.url}/locks/deploy`, token)).toMatchObject({
    status: 'held',
    lease_id: two['lease_id'],
    fencing_token: two['fencing_token'],
  });
  const late = { ttl_seconds: 60, lease_id: crypto.randomUUID() };
  expect(await curl(`${second.url}/locks/deploy/acquire`, token, late)).toMatchObject({ code: 'lock_held' });
  await second.kill('SIGTERM');
  expect(first.program.output + second.program.output).not.toContain('octo_');
});
