import { expect, test } from 'vitest';
import { Client } from '../../../lab/kit/http/client.js';
import { ALICE, type ServerProcess } from '../../support/process.js';
import { postgresInstallation } from './installation.js';

/** What a restore skips at least. */
const JUMP_MIN = 2 ** 32;

async function acquire({ url }: ServerProcess, name: string): Promise<Record<string, unknown>> {
  const { body } = await new Client(url, ALICE).post(`/locks/${name}/acquire`, { ttl_seconds: 600 });
  return body;
}

test('a database that was declared restored repeats no token, and its leases have ended', async () => {
  const { installation } = await postgresInstallation();
  const before = await installation.start();
  const { fencing_token: last } = await acquire(before, 'deploy');
  await before.kill('SIGTERM');

  const { code, stdout } = await installation.run(['restore']);
  expect(code).toBe(0);
  const [, above] = /Fencing tokens continue above (\d+)\./.exec(stdout) ?? [];
  expect(Number(above)).toBeGreaterThanOrEqual(Number(last) + JUMP_MIN);

  const after = await installation.start();
  const alice = new Client(after.url, ALICE);
  await expect.poll(async () => (await alice.get('/locks/deploy')).body['status']).toBe('available');
  expect((await acquire(after, 'deploy'))['fencing_token']).toBeGreaterThan(Number(above));
});

test('while a server leads, the command refuses and changes nothing', async () => {
  const { installation } = await postgresInstallation();
  const server = await installation.start();
  const { fencing_token: first } = await acquire(server, 'a');
  const { code, stdout, stderr } = await installation.run(['restore']);
  expect({ code, stdout }).toEqual({ code: 73, stdout: '' });
  expect(stderr).toMatch(
    /^octostore: A server is running on .* Stop all servers of this database first\.\n$/,
  );
  expect((await acquire(server, 'b'))['fencing_token']).toBe(Number(first) + 1);
});

test('after a server was killed, the command waits until it is surely gone', async () => {
  const { installation } = await postgresInstallation();
  await (await installation.start()).kill('SIGKILL');
  expect(await installation.run(['restore'])).toMatchObject({ code: 0 });
});
