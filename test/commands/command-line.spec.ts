import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { Installation } from '../support/process.js';

test('--help lists the commands and --version shows the version, without a valid configuration', async () => {
  const installation = new Installation({ BIND_ADDR: 'nonsense' });
  const help = await installation.run(['--help']);
  expect(help).toMatchObject({ code: 0, stderr: '' });
  for (const word of ['serve', 'backup [options] <file>', 'restore [options] [file]'])
    expect(help.stdout).toContain(word);
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  expect(await installation.run(['--version'])).toMatchObject({
    code: 0,
    stdout: `${version}\n`,
    stderr: '',
  });
  expect(readdirSync(installation.folder)).toEqual([]);
});

test('an invalid command line is refused in one line', async () => {
  const complaints = {
    frobnicate: /unknown command 'frobnicate'/,
    '--frobnicate': /unknown option '--frobnicate'/,
    backup: /missing required argument 'file'/,
    'backup one.db two.db': /too many arguments/,
  };
  const installation = new Installation();
  const runs = Object.keys(complaints).map((line) => installation.run(line.split(' ')));
  for (const [index, { code, stdout, stderr }] of (await Promise.all(runs)).entries()) {
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(Object.values(complaints)[index] ?? /^$/);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  }
});

test('an invalid configuration is refused with all its mistakes at once, and without values', async () => {
  const settings = {
    BIND_ADDR: 'secretive-bind-address',
    DATABASE_URL: 'mysql://user:secretive-password@host/database',
    GITHUB_CLIENT_SECRET: 'secretive-client-secret',
    GITHUB_REDIRECT_URI: 'secretive-redirect',
    ADMIN_KEY: 'secret7',
    SECRET_KEY: 'secretive-key',
    MAX_LOCKS_PER_USER: 'secretive-number',
    EVENT_RETENTION: '99',
    RESTART_GRACE_SECONDS: '-1',
    WEBHOOK_ALLOW_PRIVATE_NETWORKS: 'secretive-flag',
    LOG_LEVEL: 'secretive-level',
  };
  const { code, stdout, stderr } = await new Installation({ ...settings, STATIC_TOKENS: undefined }).run([]);
  expect({ code, stdout }).toEqual({ code: 78, stdout: '' });
  expect(stderr).toMatch(/^octostore: The configuration is not valid\. Correct these settings:\n/);
  for (const name of Object.keys(settings).filter((key) => key !== 'GITHUB_CLIENT_SECRET')) {
    expect(stderr).toContain(`  - ${name}: `);
  }
  for (const value of Object.values(settings).filter((text) => text.startsWith('secret'))) {
    expect(stderr).not.toContain(value);
  }
  expect(stderr).not.toContain('secretive');
  expect(stderr).not.toMatch(/\bat .*:\d+:\d+/);
});

test('incomplete pairs and unusable tokens are named by their place, never by their value', async () => {
  const tokens =
    'fine:token-that-is-fine,secretive-without-a-colon,:secretive-without-a-user,carol:octo_secretive';
  const [half, bad] = await Promise.all([
    new Installation({ GITHUB_CLIENT_SECRET: 'secretive-client-secret' }).run([]),
    new Installation({ STATIC_TOKENS: tokens, STATIC_TOKENS_FILE: 'secretive-file' }).run([]),
  ]);
  expect(half.code).toBe(78);
  expect(half.stderr).toContain('GITHUB_CLIENT_ID: must be set');
  expect(half.stderr).not.toContain('secretive');

  expect(bad.code).toBe(78);
  for (const place of ['entry 2', 'entry 3', 'entry 4'])
    expect(bad.stderr).toContain(`STATIC_TOKENS: ${place}: `);
  expect(bad.stderr).toContain('STATIC_TOKENS_FILE: the file cannot be read');
  expect(bad.stderr + bad.stdout).not.toContain('secretive');
});

test('an unusable address is reported, and the process does not hang', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void other.close());
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const [inUse, elsewhere] = await Promise.all([
    new Installation({ BIND_ADDR: `127.0.0.1:${port}` }).run([]),
    new Installation({ BIND_ADDR: '192.0.2.1:3000' }).run([]),
  ]);
  expect(inUse.stderr).toBe(
    `octostore: 127.0.0.1:${port} is in use by another process. Stop it, or choose another address with BIND_ADDR.\n`,
  );
  expect(elsewhere.stderr).toMatch(/^octostore: 192\.0\.2\.1:3000 is not an address of this machine\. .*\n$/);
  expect([inUse.code, elsewhere.code]).toEqual([1, 1]);
});
