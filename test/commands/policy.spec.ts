import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ADMIN_KEY, Installation } from '../support/process.js';

const POLICY = `grants:
  - to: [static:alice]
    may: [acquire]
    on: [billing/*]
`;

function save(installation: Installation, text: string, name = 'policy.yaml'): string {
  writeFileSync(installation.path(name), text);
  return name;
}

function policy(installation: Installation, ...args: string[]) {
  return installation.run(['policy', ...args]);
}

test('a check needs no server, and names every mistake as editors expect it', async () => {
  const installation = new Installation();
  expect(await policy(installation, 'check', save(installation, POLICY))).toMatchObject({
    code: 0,
    stdout: 'policy.yaml is valid.\n',
    stderr: '',
  });
  save(installation, 'grants:\n  - to: [static:alice]\n    may: [fly]\n    on: []\n');
  const { code, stdout, stderr } = await policy(installation, 'check', 'policy.yaml');
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr.split('\n')).toEqual([
    'policy.yaml:3:11: grants[0].may[0]: "fly" is not an action. Use observe, acquire, break, administer.',
    expect.stringMatching(/^policy.yaml:4:5: grants\[0\]\.on is empty/),
    '',
  ]);
  const asJson = await policy(installation, 'check', 'policy.yaml', '--json');
  expect(JSON.parse(asJson.stdout)).toMatchObject({ valid: false, mistakes: [{ line: 3 }, { line: 4 }] });
  expect(await policy(installation, 'check', 'missing.yaml')).toMatchObject({
    code: 2,
    stderr: 'octostore: missing.yaml cannot be read (ENOENT). Check its path and permissions.\n',
  });
});

test('a policy is compared, applied, shown, explained and removed', async () => {
  const installation = new Installation();
  const server = await installation.start();
  const file = save(installation, POLICY);
  expect(await policy(installation, 'show')).toMatchObject({
    code: 66,
    stderr: 'octostore: There is no policy.\n',
  });
  expect((await policy(installation, 'diff', file)).stdout).toBe(
    '- everyone may observe, acquire on *\n+ static:alice may acquire on billing/*\n',
  );
  expect(await policy(installation, 'apply', file)).toMatchObject({
    code: 0,
    stdout: 'Version 1 is in force.\n',
  });
  expect((await server.alice.get('/locks/other')).status).toBe(403);
  expect((await policy(installation, 'show')).stdout).toBe(POLICY);
  expect((await policy(installation, 'diff', file)).stdout).toBe('It would change nothing.\n');

  const other = save(installation, `${POLICY}# other\n`, 'other.yaml');
  const late = await policy(installation, 'apply', other, '--replace', '7');
  expect(late).toMatchObject({
    code: 75,
    stderr: expect.stringContaining('The present version is 1.') as string,
  });
  expect(await policy(installation, 'why', 'alice', 'acquire', 'billing/x')).toMatchObject({
    code: 0,
    stdout: 'The grant in line 2 lets static:alice acquire billing/x.\n',
  });
  expect(await policy(installation, 'why', 'bob', 'acquire', 'billing/x')).toMatchObject({ code: 77 });
  expect((await policy(installation, 'remove')).code).toBe(0);
  const { versions } = JSON.parse((await policy(installation, 'versions', '--json')).stdout) as {
    versions: { version: number; removed: boolean }[];
  };
  expect(versions).toMatchObject([
    { version: 2, removed: true },
    { version: 1, removed: false },
  ]);
  expect((await policy(installation, 'show', '1')).stdout).toBe(POLICY);
  expect((await server.alice.get('/locks/other')).status).toBe(200);
  await server.kill('SIGTERM');
});

test('with --url, the commands reach a server elsewhere, with a key', async () => {
  const installation = new Installation();
  const server = await installation.start();
  const elsewhere = new Installation();
  const file = save(elsewhere, POLICY);
  const run = (key: string) =>
    elsewhere.run(['policy', 'apply', file, '--url', `${server.url}/`], { OCTOSTORE_ADMIN_KEY: key });
  expect(await run('')).toMatchObject({ code: 2 });
  expect(await run('a wrong key')).toMatchObject({ code: 69 });
  expect(await run(ADMIN_KEY)).toMatchObject({ code: 0, stdout: 'Version 1 is in force.\n' });
  await server.kill('SIGTERM');
});

test('without a running server, the commands say so', async () => {
  const installation = new Installation();
  const { code, stderr } = await policy(installation, 'show');
  expect(code).toBe(69);
  expect(stderr).toMatch(/^octostore: No server is running on .*\n$/);
});
