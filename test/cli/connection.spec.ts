import { execFile } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EXIT } from '../../src/cli/shared/exit-codes.js';
import { MAIN, type Finished } from '../support/process.js';
import { ALICE, BOB, startServer, type TestServer } from '../support/server.js';
import { testFolder } from '../support/temp-folder.js';

let server: TestServer;

beforeAll(async () => {
  server = await startServer();
});

afterAll(() => server.close());

type Environment = Record<string, string | undefined>;

/** Runs the command line in its own environment, without a token. */
function run(args: readonly string[], environment: Environment, input = ''): Promise<Finished> {
  const env = { PATH: process.env['PATH'], OCTOSTORE_BASE_URL: server.url, ...environment };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [MAIN, ...args], { env }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode, signal: child.signalCode, stdout, stderr }),
    );
    child.stdin?.end(input);
  });
}

function tokenFile(mode: number, content = `${ALICE}\n`): string {
  const path = join(testFolder(), 'token');
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

test('a token file is used only if no one but its owner can read it, and its content is never shown', async () => {
  const HOME = testFolder();
  const list = (option: string, file: string) => run(['lock', 'list', option, file], { HOME });
  expect(await list('--token-file', tokenFile(0o600))).toMatchObject({ code: 0, stderr: '' });
  for (const mode of [0o640, 0o604]) {
    const path = tokenFile(mode);
    expect(await list('--token-file', path)).toMatchObject({
      code: EXIT.notPermitted,
      stderr: `octostore: ${path} is not used, because users other than its owner can read or write it. Run "chmod 600 ${path}".\n`,
    });
  }
  expect(await list('--shared-token-file', tokenFile(0o644))).toMatchObject({ code: 0, stderr: '' });
  const { code, stdout, stderr } = await list('--token-file', tokenFile(0o600, `two words ${ALICE}`));
  expect(code).toBe(EXIT.notPermitted);
  expect(stdout + stderr).not.toContain(ALICE);
  expect(await list('--token-file', '/nonexistent')).toMatchObject({ code: EXIT.notPermitted });
});

test('the token comes from the file, then from the environment, or else there is none', async () => {
  const HOME = testFolder();
  const acquire = async (name: string, options: readonly string[], environment: Environment) => {
    const { stdout } = await run(['lock', 'acquire', name, '--json', ...options], { HOME, ...environment });
    return (JSON.parse(stdout) as { holder?: string }).holder;
  };
  const asBob = { OCTOSTORE_TOKEN: BOB };
  expect(await acquire('from-file', ['--token-file', tokenFile(0o600)], asBob)).toBe('alice');
  expect(await acquire('from-environment', [], asBob)).toBe('bob');
  expect(await run(['lock', 'list'], { HOME })).toMatchObject({
    code: EXIT.notPermitted,
    stderr: `octostore: There is no token for ${server.url}. Run "octostore login", or give one with --token-file, OCTOSTORE_TOKEN or OCTOSTORE_OIDC_TOKEN_FILE.\n`,
  });
  const both = ['--token-file', tokenFile(0o600), '--shared-token-file', tokenFile(0o600)];
  expect((await run(['lock', 'list', ...both], { HOME })).code).toBe(EXIT.usage);
});

test('login checks the token and stores it for its owner and its server only, and logout deletes it', async () => {
  const HOME = testFolder();
  const elsewhere = { HOME, OCTOSTORE_BASE_URL: undefined };
  const login = (input: string) => run(['login', '--url', `${server.url}/`, '--json'], elsewhere, input);
  const folder = join(HOME, '.config/octostore/credentials');

  expect(await login('octo_mistyped\n')).toMatchObject({ code: EXIT.notPermitted });
  expect(await login('two words')).toMatchObject({ code: EXIT.usage });
  const page = JSON.stringify({ token: ALICE, user: { login: 'alice', avatar_url: null }, user_id: 'x' });
  const { code, stdout, stderr } = await login(`${page}\n`);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const { file, ...shown } = JSON.parse(stdout) as { file: string };
  expect(shown).toEqual({ status: 'signed_in', url: server.url, user: 'alice' });
  expect(dirname(file)).toBe(folder);
  expect(stdout).not.toContain(ALICE);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(folder).mode & 0o777).toBe(0o700);

  // The default server is that of the last login.
  expect(await run(['lock', 'list'], elsewhere)).toMatchObject({ code: 0, stderr: '' });
  const other = { HOME, OCTOSTORE_BASE_URL: 'http://127.0.0.1:9' };
  expect(await run(['lock', 'list'], other)).toMatchObject({ code: EXIT.notPermitted });
  chmodSync(file, 0o644);
  expect(await run(['lock', 'list'], elsewhere)).toMatchObject({ code: EXIT.notPermitted });
  chmodSync(file, 0o600);

  expect((await run(['logout'], elsewhere)).stdout).toMatch(/^Deleted the stored token for /);
  expect(readdirSync(folder)).toEqual([]);
  expect((await run(['lock', 'list', '--url', server.url], elsewhere)).code).toBe(EXIT.notPermitted);
  expect((await run(['logout', '--url', server.url], elsewhere)).stdout).toMatch(
    /^There was no stored token for /,
  );
});

test('concurrent logins keep all tokens', async () => {
  const HOME = testFolder();
  const urls = [server.url, server.url.replace('127.0.0.1', 'localhost')];
  await Promise.all(urls.map((url) => run(['login', '--url', url], { HOME }, ALICE)));
  for (const url of urls)
    expect(await run(['lock', 'list', '--url', url], { HOME })).toMatchObject({ code: 0 });
  expect((await run(['logout', '--url', server.url], { HOME })).code).toBe(0);
  expect(await run(['lock', 'list', '--url', urls[1] ?? ''], { HOME })).toMatchObject({ code: 0 });
});

test('a login at several servers stores the token for each of them', async () => {
  const HOME = testFolder();
  const second = server.url.replace('127.0.0.1', 'localhost');
  const elsewhere = { HOME, OCTOSTORE_BASE_URL: undefined };
  const list = (...urls: string[]) => run(['lock', 'list', '--url', urls.join(',')], elsewhere);
  const login = (token: string, ...urls: string[]) =>
    run(['login', '--url', urls.join(','), '--json'], elsewhere, token);
  const { stdout } = await login(ALICE, server.url, second);
  expect(JSON.parse(stdout)).toMatchObject({
    urls: [server.url, second],
    files: [expect.any(String), expect.any(String)],
  });

  expect(await run(['lock', 'list'], elsewhere)).toMatchObject({ code: 0, stderr: '' });
  for (const urls of [[second, server.url], [second], [server.url]])
    expect(await list(...urls)).toMatchObject({ code: 0, stderr: '' });

  // A stored token goes only where it was stored for, so no one can get it by being named beside the server that it is for.
  expect(await list(server.url, 'http://127.0.0.1:9')).toMatchObject({
    code: EXIT.notPermitted,
    stderr:
      'octostore: There is no token for http://127.0.0.1:9. Run "octostore login", or give one with --token-file, OCTOSTORE_TOKEN or OCTOSTORE_OIDC_TOKEN_FILE.\n',
  });
  await login(BOB, second);
  expect(await list(server.url, second)).toMatchObject({
    code: EXIT.notPermitted,
    stderr: expect.stringMatching(/^octostore: The tokens that are stored for .* differ\./) as string,
  });
  const logout = await run(['logout', '--url', `${server.url},${second}`, '--json'], elsewhere);
  expect(JSON.parse(logout.stdout)).toEqual({
    status: 'signed_out',
    urls: [server.url, second],
    was_known: true,
  });
  expect(readdirSync(join(HOME, '.config/octostore/credentials'))).toEqual([]);
});

test('a URL with credentials is refused without being quoted', async () => {
  const url = server.url.replace('//', `//user:${ALICE}@`);
  const { code, stdout, stderr } = await run(['health', '--url', url], { HOME: testFolder() });
  expect({ code, stdout }).toEqual({ code: EXIT.usage, stdout: '' });
  expect(stderr).not.toContain(ALICE);
});

test('on a terminal, login opens the browser and prompts for the token without an echo', async () => {
  const HOME = testFolder();
  const opener = join(HOME, 'xdg-open');
  writeFileSync(opener, `#!/bin/sh\necho "$1" > "$HOME/opened"\n`, { mode: 0o755 });
  const shell = `"${process.execPath}" "${MAIN}" login`;
  const env = { PATH: `${HOME}:${process.env['PATH']}`, HOME, OCTOSTORE_BASE_URL: server.url };
  const shown = await new Promise<string>((resolve) => {
    const child = execFile('script', ['-qec', shell, '/dev/null'], { env }, (_error, stdout) =>
      resolve(stdout),
    );
    child.stdout?.on('data', (text: string) => {
      if (text.includes('Token (not shown)')) child.stdin?.write(`${ALICE}\r`);
    });
  });
  expect(shown).toContain(`Signed in to ${server.url}`);
  expect(shown).not.toContain(ALICE);
  await expect.poll(() => readFileSync(join(HOME, 'opened'), 'utf8')).toBe(`${server.url}/auth/github\n`);
});
