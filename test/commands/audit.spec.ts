import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Installation } from '../support/process.js';
import { changeDatabase } from './database.js';

async function installationWithTokens(): Promise<Installation> {
  const installation = new Installation();
  const server = await installation.start();
  await server.kill();
  for (const user of ['a', 'b', 'c'])
    expect((await installation.run(['token', 'create', user])).code).toBe(0);
  return installation;
}

const headIn = (stdout: string) => /(\d+:[0-9a-f]{64})/.exec(stdout)?.[1] ?? '';

test('the audit is exported and verified without a server, and names what was changed', async () => {
  const installation = await installationWithTokens();
  const exported = await installation.run(['audit', 'export']);
  expect(exported).toMatchObject({ code: 0, stderr: '' });
  writeFileSync(installation.path('audit.ndjson'), exported.stdout);
  const fromFile = await installation.run(['audit', 'verify', '--from', 'audit.ndjson']);
  expect(fromFile).toMatchObject({ code: 0, stderr: '' });
  const head = headIn(fromFile.stdout);
  expect(await installation.run(['audit', 'verify', '--head', head])).toMatchObject({ code: 0 });

  await changeDatabase(
    installation.databasePath,
    `update audit_records set record = replace(record, 'local:b', 'local:x')`,
  );
  const changed = await installation.run(['audit', 'verify']);
  expect(changed.code).toBe(73);
  expect(changed.stderr).toMatch(/^octostore: Record \d+ was changed/);
});

test('a cut-off end shows with a head', async () => {
  const installation = await installationWithTokens();
  const head = headIn((await installation.run(['audit', 'verify'])).stdout);
  const last = Number(head.split(':')[0]);
  await changeDatabase(installation.databasePath, `delete from audit_records where number = ${last}`);
  expect(await installation.run(['audit', 'verify'])).toMatchObject({ code: 0 });
  const cut = await installation.run(['audit', 'verify', '--head', head]);
  expect(cut.code).toBe(73);
  expect(cut.stderr).toContain(`Record ${last} is missing`);
});

test('a restore is recorded with the head that it goes on from, and verify explains a head from before', async () => {
  const installation = await installationWithTokens();
  const from = headIn((await installation.run(['audit', 'verify'])).stdout);
  expect((await installation.run(['backup', 'backup.db'])).code).toBe(0);
  await installation.run(['token', 'create', 'lost']);
  const lost = headIn((await installation.run(['audit', 'verify'])).stdout);
  expect((await installation.run(['restore', 'backup.db'])).code).toBe(0);
  await installation.run(['token', 'create', 'after']);
  const { stdout } = await installation.run(['audit', 'export']);
  const [number, hash] = from.split(':');
  expect(stdout).toContain(`"goes_on_from":{"hash":"${hash}","number":${number}}`);
  const explained = await installation.run(['audit', 'verify', '--head', lost]);
  expect(explained.code).toBe(73);
  expect(explained.stderr).toContain('goes on from an earlier state');
});

test.each([
  ['was moved to another number', 'set number = number + 1000000000000'],
  ['names a number that was read before', `set record = replace(record, '"number":', '"number":0,"x":')`],
  ['is no record', `set record = 'x'`],
])('verify and export end if the last record %s', async (_, edit) => {
  const installation = await installationWithTokens();
  await changeDatabase(
    installation.databasePath,
    `update audit_records ${edit} where number = (select max(number) from audit_records)`,
  );
  const verified = await installation.run(['audit', 'verify']);
  expect(verified.code).toBe(73);
  expect(verified.stderr).toMatch(/^octostore: Record \d+ (?:was changed|is there twice)/);
  const exported = await installation.run(['audit', 'export']);
  expect(exported.code).toBe(73);
  expect(exported.stderr).toContain('was edited');
});

test('text that was edited and means the same is found', async () => {
  const installation = await installationWithTokens();
  for (const edit of [`char(10) || record`, `replace(record, '{"action"', '{"action":"sign_in","action"')`]) {
    await changeDatabase(
      installation.databasePath,
      `update audit_records set record = ${edit} where number = 2`,
    );
    expect(await installation.run(['audit', 'verify'])).toMatchObject({
      code: 73,
      stderr: expect.stringMatching(/^octostore: Record 2 was changed/),
    });
  }
});
