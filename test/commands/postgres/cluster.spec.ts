import { expect, test } from 'vitest';
import { Installation } from '../../support/process.js';
import { postgresInstallation } from './installation.js';

test('the status of a cluster shows the servers, and why the leader changed', async () => {
  const { installation } = await postgresInstallation();
  const server = await installation.start();
  await expect
    .poll(async () => (await status(installation)).replicas)
    .toMatchObject([{ role: 'leader', url: server.url, version: expect.stringMatching(/^\d+\.\d+\.\d+/) }]);
  const { code, stdout } = await installation.run(['cluster', 'status']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^ROLE +VERSION +SEEN +URL\nleader +\S+ +\d+\.\d s ago +http:.*\n/);
  expect(stdout).toMatch(/\nTERM +BEGAN +WHY +LEADER\n1 +\S+Z +the database was new +/);
  await server.kill('SIGTERM');
  expect(await status(installation)).toMatchObject({ format: 1, replicas: [], terms: [{ epoch: 1 }] });
});

test('the format of a database without a newer one is final', async () => {
  const { installation } = await postgresInstallation();
  const { code, stdout } = await installation.run(['cluster', 'finalize']);
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: 'The format of the database is 1. There is nothing to do.\n',
  });
});

test('a server with another SECRET_KEY does not start, and says why', async () => {
  const { installation, url } = await postgresInstallation();
  const server = await installation.start();
  const secret = 'another-secret-key-that-no-one-else-has';
  const other = new Installation({ DATABASE_URL: url, SECRET_KEY: secret });
  const { code, stderr } = await other.run([]);
  expect(code).toBe(78);
  expect(stderr).toContain('SECRET_KEY: is not the key of the other servers on this database');
  expect(stderr).not.toContain(secret);
  await server.kill('SIGTERM');
});

test.each(['status', 'finalize'])(
  'with SQLite, "cluster %s" says that there is one server',
  async (command) => {
    const { code, stdout, stderr } = await new Installation().run(['cluster', command]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(
      /^octostore: The database is a SQLite file, so this installation has one server\./,
    );
  },
);

interface Status {
  readonly replicas: readonly unknown[];
}

async function status(installation: Installation): Promise<Status> {
  const { stdout } = await installation.run(['cluster', 'status', '--json']);
  return JSON.parse(stdout) as Status;
}
