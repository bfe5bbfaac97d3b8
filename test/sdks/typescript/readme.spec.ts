import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { OctoStoreClient } from '@octostore/client';
import ts from 'typescript';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { spans } from './open-telemetry.js';
import { BOB, startServer, type TestServer } from '../../support/server.js';

const readme = readFileSync('sdks/typescript/README.md', 'utf8');
const examples = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code ?? '');
const MODULES: Readonly<Record<string, string>> = {
  '@octostore/client': pathToFileURL(resolve('sdks/typescript/src/index.ts')).href,
  '@octostore/client/testing': pathToFileURL(resolve('sdks/typescript/src/testing/index.ts')).href,
  '@opentelemetry/api': pathToFileURL(resolve('test/sdks/typescript/open-telemetry.ts')).href,
};

/** The example with the addresses of its modules in this repository. */
function withModules(example: string, adapt = (url: string): string => url): string {
  return example.replace(/ from '(.+)';/g, (_, name: string) => ` from '${adapt(MODULES[name] ?? name)}';`);
}

/** How the examples use their locks. */
const HELPERS = `
async function sendInvoices({ fence, signal }) { globalThis.exampleCalls.push({ fence, isAborted: signal.aborted }); }
async function runNextJob(fence) {
  globalThis.exampleCalls.push({ fence });
  await new Promise((resolve) => setTimeout(resolve, 10));
}
`;

const calls: { fence: number }[] = [];
// Inside the repository, so that vitest loads the client for the examples as for any test.
mkdirSync('build', { recursive: true });
const folder = mkdtempSync(resolve('build/examples-'));
let server: TestServer;

beforeAll(async () => {
  server = await startServer();
  Object.assign(globalThis, { exampleCalls: calls });
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  calls.length = 0;
});

afterAll(async () => {
  rmSync(folder, { recursive: true });
  await server.close();
});

/** Runs an example as a module against the test server. */
async function run(example: string): Promise<Record<string, unknown>> {
  vi.stubEnv('OCTOSTORE_BASE_URL', server.url);
  vi.stubEnv('OCTOSTORE_TOKEN', server.token);
  const adapted = withModules(example)
    .replace('http://localhost:3000', server.url)
    .replace('octo_...', server.token);
  const options = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
  const { outputText } = ts.transpileModule(adapted + HELPERS, { compilerOptions: options });
  const file = join(folder, `example-${examples.indexOf(example)}.mjs`);
  writeFileSync(file, outputText);
  return (await import(file)) as Record<string, unknown>;
}

function exampleWith(text: string): string {
  const found = examples.filter((example) => example.includes(text));
  expect(found).toHaveLength(1);
  return found[0] ?? '';
}

async function lockStatus(name: string): Promise<string> {
  const headers = { authorization: `Bearer ${server.token}` };
  const lock = await fetch(`${server.url}/locks/${name}`, { headers });
  return ((await lock.json()) as { readonly status: string }).status;
}

describe('the examples of the README', () => {
  test('compile against the types of the package', { timeout: 120_000 }, () => {
    const files = examples.map((example, at) => {
      const file = join(folder, `typed-${at}.ts`);
      const declared = `declare function sendInvoices(how: { fence: number; signal: AbortSignal }): Promise<void>;
declare function runNextJob(fence: number, signal: AbortSignal): Promise<void>;\n`;
      writeFileSync(
        file,
        withModules(example, (url) => url.replace('file://', '').replace(/\.ts$/, '.js')) + declared,
      );
      return file;
    });
    const program = ts.createProgram(files, {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.NodeNext,
      lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts', 'lib.dom.d.ts', 'lib.dom.asynciterable.d.ts'],
      types: ['node'],
      skipLibCheck: true,
      strict: true,
      noEmit: true,
    });
    const problems = ts.getPreEmitDiagnostics(program).map(({ messageText }) => messageText);
    expect(problems).toEqual([]);
  });

  test('a function that runs under a lock', async () => {
    await run(exampleWith("withLock('billing/nightly'"));
    expect(calls).toEqual([{ fence: expect.any(Number), isAborted: false }]);
  });

  test('a lock with `await using` that another user holds', async () => {
    const log = vi.spyOn(console, 'log').mockReturnValue();
    const headers = { authorization: `Bearer ${BOB}` };
    const body = JSON.stringify({ ttl_seconds: 30 });
    await fetch(`${server.url}/locks/billing%2Fnightly/acquire`, { method: 'POST', headers, body });
    await run(exampleWith("await using lock = await client.hold('billing/nightly'"));
    expect(calls).toEqual([]);
    expect(log).toHaveBeenCalledWith(expect.stringMatching(/^bob has the lock until 20/));
  });

  test('a counted lock, then several locks at once', async () => {
    const log = vi.spyOn(console, 'log').mockReturnValue();
    await run(exampleWith('withLocks('));
    expect(log).toHaveBeenCalledWith(expect.stringMatching(/^on GPU 0, with the fencing token \d+$/));
  });

  test('a lock whose release is requested', async () => {
    const log = vi.spyOn(console, 'log').mockReturnValue();
    const headers = { authorization: `Bearer ${BOB}` };
    const body = JSON.stringify({ message: 'deploying' });
    const url = `${server.url}/locks/crawler/request-release`;
    const ended = run(exampleWith('onReleaseRequested('));
    await vi.waitUntil(async () => (await lockStatus('crawler')) === 'held', { timeout: 10_000 });
    expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(200);
    await ended;
    expect(log.mock.calls).toEqual([['bob asks for the lock: deploying']]);
    expect(await lockStatus('crawler')).toBe('available');
  });

  test('an election that is stopped', async () => {
    await run(exampleWith("client.elect(\n  'scheduler'"));
    expect(await lockStatus('scheduler')).toBe('available');
  });

  test('an election that tells how it ended', async () => {
    const log = vi.spyOn(console, 'log').mockReturnValue();
    await run(exampleWith('election.ended'));
    expect(log).toHaveBeenCalledWith('the election was stopped');
  });

  test('a session', async () => {
    const log = vi.spyOn(console, 'log').mockReturnValue();
    await run(exampleWith('openSession('));
    expect(log).toHaveBeenCalledWith(expect.any(Number), false);
  });

  test('a watch, which an event ends', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {
      const headers = { authorization: `Bearer ${server.token}` };
      void fetch(`${server.url}/locks/billing%2Fdaily/acquire`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ ttl_seconds: 30 }),
      });
    });
    await run(exampleWith('watchPrefix('));
    expect(log).toHaveBeenCalledOnce();
  });

  test('a receiver of webhooks', async () => {
    const { receive } = await run(exampleWith('verifyWebhook('));
    expect(await (receive as (headers: Headers, body: string) => Promise<number>)(new Headers(), '{}')).toBe(
      400,
    );
  });

  test('spans of OpenTelemetry', async () => {
    await run(exampleWith('@opentelemetry/api'));
    expect(spans).toEqual([
      {
        name: 'octostore.hold',
        attributes: { 'octostore.name': 'billing/monthly', 'octostore.fencing_token': expect.any(Number) },
        events: ['acquired', 'released'],
        isEnded: true,
      },
    ]);
  });

  test('the test double', async () => {
    const log = vi.spyOn(console, 'log').mockReturnValue();
    await run(exampleWith('InMemoryOctoStore'));
    expect(log.mock.calls).toEqual([['ada'], [true, true]]);
  });

  test('a token that is exchanged for that of a job', async () => {
    const path = '/var/run/secrets/octostore/token';
    const example = exampleWith('exchangedToken(').replace(path, join(folder, 'token-of-the-job'));
    writeFileSync(join(folder, 'token-of-the-job'), 'e30.e30.e30');
    const { client } = await run(`${example}export { client };`);
    await expect((client as OctoStoreClient).listLocks()).rejects.toMatchObject({
      name: 'AuthenticationError',
      cause: { code: 'exchange_not_configured' },
    });
  });

  test('there are no other examples', () => {
    expect(examples).toHaveLength(13);
  });
});
