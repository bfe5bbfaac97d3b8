import { expect, test } from 'vitest';
import { EXIT } from '../../src/cli/shared/exit-codes.js';
import { Installation } from '../support/process.js';
import { queryDatabase, readNumbers } from './database.js';

const FLOOR = 8_589_934_592;

const raise = (installation: Installation, floor: number) =>
  installation.run(['fencing', 'floor', String(floor)]);

test('tokens continue above the floor, leases and fences go on, and the audit says so', async () => {
  const installation = new Installation();
  const first = await installation.start();
  const { body: lease } = await first.alice.post('/locks/a/acquire', { ttl_seconds: 3600 });
  const fence = { fencing_token: lease['fencing_token'] };
  expect((await first.alice.post('/fences/a/advance', fence)).status).toBe(200);
  await first.kill('SIGTERM');
  expect(await raise(installation, FLOOR)).toEqual({
    code: EXIT.ok,
    signal: null,
    stdout: `Fencing tokens of ${installation.databasePath} continue above ${FLOOR}. They were at 1.\n`,
    stderr: '',
  });
  const second = await installation.start();
  const renewed = await second.alice.post('/locks/a/renew', { lease_id: lease['lease_id'], ttl_seconds: 60 });
  expect(renewed).toMatchObject({ status: 200, body: fence });
  expect((await second.alice.post('/fences/a/check', fence)).status).toBe(200);
  const { body } = await second.alice.post('/locks/b/acquire', { ttl_seconds: 60 });
  expect(body['fencing_token']).toBe(FLOOR + 1);
  await second.kill('SIGTERM');
  expect((await installation.run(['audit', 'verify'])).code).toBe(EXIT.ok);
  const records = await queryDatabase<{ record: string }>(
    installation.databasePath,
    'select record from audit_records',
  );
  const acts = records.map(({ record }) => JSON.parse(record) as { action: string });
  expect(acts.filter(({ action }) => action === 'fencing.floor')).toMatchObject([
    { actor: { kind: 'operator' }, details: { from: 1, to: FLOOR } },
  ]);
});

test('a floor never lowers the counter, and the same one again changes nothing', async () => {
  const installation = new Installation();
  await raise(installation, FLOOR);
  for (const floor of [5, FLOOR]) {
    const { code, stdout } = await raise(installation, floor);
    expect(code).toBe(EXIT.ok);
    expect(stdout).toMatch(/already continue above 8589934592, so nothing was changed\.$/m);
  }
  expect((await readNumbers(installation.databasePath)).token).toBe(FLOOR);
});

test('a floor is refused beside a running server, and if it would use up the tokens', async () => {
  const installation = new Installation();
  const server = await installation.start();
  expect((await raise(installation, FLOOR)).code).toBe(EXIT.databaseUnusable);
  await server.kill('SIGTERM');
  const { token } = await readNumbers(installation.databasePath);
  expect(token).toBe(0);
  const refused = await raise(installation, 5_000_000_000_000_000);
  expect(refused).toMatchObject({ code: EXIT.usage, stdout: '' });
});
