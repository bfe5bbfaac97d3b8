import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Client } from '../../lab/kit/http/client.js';
import { startServer, type TestServer } from '../support/server.js';

const run = promisify(execFile);
const EXAMPLE = 'examples/protected-resource';
const LOCK = 'examples/ledger';
/** The first build compiles the standard library. */
const BUILD_MS = 300_000;

function hasGo(): boolean {
  try {
    execFileSync('go', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(!hasGo())('the example of a protected resource', () => {
  let server: TestServer;
  let resource: ChildProcess;
  let address: string;
  let alice: Client;

  beforeAll(async () => {
    server = await startServer();
    alice = new Client(server.url, server.token);
    const program = join(server.folder, 'resource');
    await run('go', ['build', '-o', program, '.'], { cwd: EXAMPLE });
    resource = spawn(program, ['-lock', LOCK, '-listen', '127.0.0.1:0'], {
      env: { ...process.env, OCTOSTORE_BASE_URL: server.url },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (resource.stdout === null) throw new Error('the output of the example cannot be read');
    const [line] = (await once(createInterface(resource.stdout), 'line')) as [string];
    [address = ''] = line.split(' ');
  }, BUILD_MS);

  afterAll(async () => {
    if (resource?.exitCode === null) {
      resource.kill();
      await once(resource, 'exit');
    }
    await server?.close();
  });

  async function acquire(lock = LOCK): Promise<{ leaseId: unknown; proof: string }> {
    const { body } = await alice.post(`/locks/${lock}/acquire`, { ttl_seconds: 600, proof: true });
    return { leaseId: body['lease_id'], proof: String(body['proof']) };
  }

  async function write(text: string, proof: string): Promise<number> {
    const headers = { 'lock-proof': proof };
    return (await fetch(address, { method: 'PUT', headers, body: text })).status;
  }

  async function read(): Promise<string> {
    return (await fetch(address)).text();
  }

  test('accepts the holder, and refuses it once there is a later one, although its proof is still valid', async () => {
    const first = await acquire();
    expect(await write('first', first.proof)).toBe(204);
    await alice.post(`/locks/${LOCK}/release`, { lease_id: first.leaseId });
    const second = await acquire();
    // No one has written with a higher token yet.
    expect(await write('first again', first.proof)).toBe(204);
    expect(await write('second', second.proof)).toBe(204);
    expect(await write('late', first.proof)).toBe(409);
    expect(await write('second again', second.proof)).toBe(204);
    expect(await read()).toBe('second again');
  });

  test('refuses everyone else', async () => {
    const before = await read();
    const { proof: ofAnother } = await acquire('examples/another');
    const { proof } = await acquire();
    const [header = '', claims = '', signature = ''] = proof.split('.');
    const [, , otherSignature = ''] = ofAnother.split('.');
    const raised = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { fencing_token: number };
    raised.fencing_token += 1000;
    const forged = Buffer.from(JSON.stringify(raised)).toString('base64url');
    for (const bad of [
      '',
      ofAnother,
      `${header}.${forged}.${signature}`,
      `${header}.${claims}.${otherSignature}`,
    ])
      expect(await write('no', bad)).toBe(401);
    expect(await read()).toBe(before);
  });

  test('passes its own tests', { timeout: BUILD_MS }, async () => {
    await run('go', ['vet', './...'], { cwd: EXAMPLE });
    await run('go', ['test', './...'], { cwd: EXAMPLE });
    const { stdout } = await run('gofmt', ['-l', '.'], { cwd: EXAMPLE });
    expect(stdout).toBe('');
  });
});
