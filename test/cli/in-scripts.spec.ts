import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { once } from 'node:events';
import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { AddressInfo, Server } from 'node:net';
import { OctoStoreClient } from '@octostore/client';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { EXIT } from '../../src/cli/shared/exit-codes.js';
import { MAIN, SOON } from '../support/process.js';
import { ALICE, BOB, startServer, type TestServer } from '../support/server.js';
import { testFolder } from '../support/temp-folder.js';
import { COMPLIANT, expectGone, groupOf, octostore, Rig } from './cli-rig.js';

let server: TestServer;
let bob: OctoStoreClient;

beforeAll(async () => {
  server = await startServer();
  bob = new OctoStoreClient({ baseUrl: server.url, token: BOB });
});

afterAll(() => server.close());

async function listening(other: Server): Promise<string> {
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  onTestFinished(() => void other.close());
  return `127.0.0.1:${(other.address() as AddressInfo).port}`;
}

/** The address of a server that is none of ours. */
function otherServer(answer: RequestListener): Promise<string> {
  return listening(createServer(answer));
}

describe('a probe', () => {
  test('has one time for all attempts', async () => {
    let attempts = 0;
    const address = await otherServer(() => void (attempts += 1));
    const { code, stderr } = await octostore(['health', '--timeout', '1.5s'], `http://${address}`).finish();
    expect(attempts).toBe(1);
    expect(code).toBe(EXIT.unreachable);
    expect(stderr).toContain(
      `http://${address} cannot be reached: no answer from http://${address} within 1500 ms`,
    );
  });

  test('needs no token', async () => {
    const { code, stdout } = await octostore(['health'], server.url, { OCTOSTORE_TOKEN: undefined }).finish();
    expect(code).toBe(0);
    expect(stdout).toContain('ready');
  });
});

describe('a server that is none of ours is named', () => {
  test.each([
    ['a page', (_, response) => response.setHeader('content-type', 'text/html').end('<h1>Welcome</h1>')],
    ['other JSON', (_, response) => response.end('{"hello":"world"}')],
    ['a page that does not exist', (_, response) => response.writeHead(404).end('<h1>Not found</h1>')],
  ] satisfies [string, RequestListener][])('%s', async (_, answer) => {
    const url = `http://${await otherServer(answer)}`;
    for (const args of [['health'], ['lock', 'list']]) {
      const { code, stderr } = await octostore(args, url).finish();
      expect(stderr).toMatch(
        new RegExp(
          `^octostore: ${url} does not answer as an OctoStore server does \\(status [24]0[04]\\)\\.`,
        ),
      );
      expect(code).not.toBe(0);
    }
  });

  test('one with a certificate that is not trusted, and one without TLS', async () => {
    const folder = testFolder();
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const subject = ['-subj', '/CN=localhost', '-keyout', key, '-out', cert];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', ...subject], {
      stdio: 'ignore',
    });
    const address = await listening(createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) }));
    const untrusted = await octostore(['health'], `https://${address}`).finish();
    expect(untrusted.stderr).toMatch(/^octostore: The TLS certificate of https:\S+ is self-signed\./);
    const plain = await octostore(['health'], server.url.replace('http:', 'https:')).finish();
    expect(plain.stderr).toMatch(/^octostore: https:\S+ does not answer with TLS\./);
  });
});

test.each(['lock list --json', 'completion bash'])(
  'the output of %s that cannot be written is a sentence, not a stack trace',
  async (line) => {
    const env = { PATH: process.env['PATH'], OCTOSTORE_BASE_URL: server.url, OCTOSTORE_TOKEN: ALICE };
    const command = `"${process.execPath}" "${MAIN}" ${line} > /dev/full`;
    const { code, stderr } = await new Promise<{ code: number | null; stderr: string }>((resolve) => {
      const child = execFile('sh', ['-c', command], { env }, (_error, _stdout, text) =>
        resolve({ code: child.exitCode, stderr: text }),
      );
    });
    expect(stderr).toMatch(/^octostore: The output cannot be written: .*ENOSPC.*\n$/);
    expect(code).toBe(EXIT.failure);
  },
);

test('a watch says when it reconnects', async () => {
  const rig = await Rig.start(server.url);
  const watch = octostore(['lock', 'watch', 'watched'], rig.proxy.url);
  await watch.printed(/^available watched$/m);
  rig.proxy.cut();
  await expect.poll(() => rig.proxy.seen('watch').length, SOON).toBe(2);
  watch.signal('SIGINT');
  expect((await watch.finish()).stderr).toMatch(/^octostore: The watch is interrupted: .*It reconnects\.$/m);
});

describe('a command under a lock', () => {
  test('shows where it runs, unless the metadata says something else', async () => {
    const print = ['sh', '-c', 'echo "group $$"; exec sleep 300'];
    const run = octostore(['lock', 'run', 'shown', '--', ...print], server.url);
    await groupOf(run);
    expect(await bob.lockStatus('shown')).toMatchObject({
      metadata: expect.stringMatching(`^${hostname()}, process \\d+$`) as string,
    });
    run.signal('SIGTERM');
    await run.finish();
  });

  test('that wants the lock again is refused', async () => {
    const inner = [process.execPath, MAIN, 'lock', 'run', 'a/b,outer', '--', 'echo', 'ran'];
    const run = octostore(['lock', 'run', 'outer', '--pass-token', '--', ...inner], server.url);
    const { code, stdout, stderr } = await run.finish();
    expect({ code, stdout }).toEqual({ code: EXIT.usage, stdout: '' });
    expect(stderr).toContain('already runs under the lock outer');
  });

  test('ends and releases the lock if `octostore` is killed', async () => {
    const run = octostore(['lock', 'run', 'killed', '--ttl', '1h', '--', ...COMPLIANT], server.url);
    const group = await groupOf(run);
    run.signal('SIGKILL');
    await expectGone(group);
    await expect.poll(async () => (await bob.lockStatus('killed')).status, SOON).toBe('available');
  });

  test('and a session likewise', async () => {
    const run = octostore(['session', 'run', '--ttl', '5m', '--', ...COMPLIANT], server.url);
    const group = await groupOf(run);
    const sessionId =
      readFileSync(`/proc/${group}/environ`, 'utf8')
        .split('\0')
        .find((line) => line.startsWith('OCTOSTORE_SESSION_ID='))
        ?.slice(21) ?? '';
    const alice = new OctoStoreClient({ baseUrl: server.url, token: ALICE });
    expect((await alice.sessionStatus(sessionId)).active).toBe(true);
    run.signal('SIGKILL');
    await expectGone(group);
    await expect
      .poll(() => alice.sessionStatus(sessionId).catch(({ type }: { type: string }) => type), SOON)
      .toBe('not_found');
  });
});

test('requests go through the proxy of the environment, except to the hosts that it excludes', async () => {
  const asked: string[] = [];
  const proxy = createServer();
  proxy.on('connect', (request, socket) => {
    asked.push(request.url ?? '');
    socket.end('HTTP/1.1 502 No\r\n\r\n');
  });
  proxy.on('request', (request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(502).end();
  });
  const HTTP_PROXY = `http://${await listening(proxy)}`;
  const through = await octostore(['health', '--timeout', '2s'], 'http://locks.invalid', {
    HTTP_PROXY,
  }).finish();
  expect(through.code).toBe(EXIT.unreachable);
  expect(asked[0]).toContain('locks.invalid');
  const direct = await octostore(['health'], server.url, { HTTP_PROXY, NO_PROXY: '127.0.0.1' }).finish();
  expect(direct).toMatchObject({ code: 0, stderr: '' });
});
