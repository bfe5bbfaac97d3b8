import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startServer, type TestServer } from '../../support/server.js';

/** How a program that uses the built package ended. */
interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

// Inside the repository, where programs find the package.
const folder = mkdtempSync(resolve('build/programs-'));
let server: TestServer;

beforeAll(async () => {
  server = await startServer();
});

afterAll(async () => {
  rmSync(folder, { recursive: true });
  await server.close();
});

/** Runs a program that has a `client`. Calls `onOutput` with all that it has written, whenever it writes. */
async function run(
  code: string,
  options: {
    readonly flags?: readonly string[];
    readonly onOutput?: (text: string, kill: (signal: NodeJS.Signals) => void) => void;
  } = {},
): Promise<Ended> {
  const file = join(folder, `${Math.random().toString(36).slice(2)}.mjs`);
  const head = `import { OctoStoreClient, LockLostError } from '@octostore/client';\nconst client = new OctoStoreClient();\n`;
  writeFileSync(file, head + code);
  const env = { PATH: process.env['PATH'], OCTOSTORE_BASE_URL: server.url, OCTOSTORE_TOKEN: server.token };
  const child = spawn('node', [...(options.flags ?? []), file], { env });
  const texts = { stdout: '', stderr: '' };
  child.stderr.on('data', (bytes: Buffer) => (texts.stderr += bytes.toString()));
  child.stdout.on('data', (bytes: Buffer) => {
    texts.stdout += bytes.toString();
    options.onOutput?.(texts.stdout, (signal) => child.kill(signal));
  });
  const [code_, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { code: code_, signal, ...texts };
}

async function statusOf(name: string): Promise<string> {
  const headers = { authorization: `Bearer ${server.token}` };
  const lock = await fetch(`${server.url}/locks/${name}`, { headers });
  return ((await lock.json()) as { readonly status: string }).status;
}

/** Sends the signal once, as soon as the program has written `ready`. */
function whenReady(signal: NodeJS.Signals): (text: string, kill: (signal: NodeJS.Signals) => void) => void {
  let isSent = false;
  return (text, kill) => {
    if (isSent || !text.includes('ready')) return;
    isSent = true;
    kill(signal);
  };
}

describe('elections', () => {
  test('an error of the function that no one asks for is a warning, and does not end the process', async () => {
    const { code, stderr, stdout } = await run(`
      void client.elect('unasked', {}, () => { throw new Error('no disk'); });
      setTimeout(() => console.log('still here'), 1500);
    `);
    expect(stdout).toBe('still here\n');
    expect(stderr).toContain('The election of the lock unasked has ended: no disk');
    expect(code).toBe(0);
  });

  test('an error that the program asks for is no warning', async () => {
    const { stderr, stdout } = await run(`
      const election = client.elect('asked', {}, () => { throw new Error('no disk'); });
      console.log((await election.ended).message);
      await client.elect('awaited', {}, () => { throw new Error('no net'); }).catch((error) => console.log(error.message));
      const stopped = client.elect('stopped', {}, async (lock, signal) => { stopped.stop(); });
      console.log(await stopped.ended, String(stopped));
    `);
    expect(stdout).toBe('no disk\nno net\nundefined Election(stopped)\n');
    expect(stderr).toBe('');
  });
});

describe('handles', () => {
  test('a forgotten handle warns, stops renewing and signals the loss', async () => {
    const { stderr, stdout } = await run(
      `
      async function forget() {
        const { signal } = await client.hold('forgotten', { ttlSeconds: 3600 });
        return signal;
      }
      const signal = await forget();
      for (let turns = 0; turns < 100 && !signal.aborted; turns += 1) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        gc();
      }
      console.log(signal.reason.message);
    `,
      { flags: ['--expose-gc'] },
    );
    expect(stdout).toBe('the lock forgotten is lost: its handle was forgotten\n');
    expect(stderr).toMatch(/OctoStoreWarning: The handle of the lock forgotten was garbage-collected/);
  });

  test('a handle in use is not forgotten, nor is its session, nor is a lock that a leader holds', async () => {
    const { stderr, stdout } = await run(
      `
      const held = await (async () => {
        const session = await client.openSession({ ttlSeconds: 60 });
        return client.hold('in-a-session', { session });
      })();
      const stop = new AbortController();
      const election = client.elect('leading', { signal: stop.signal }, (lock, signal) => {
        globalThis.leading = signal;
        return new Promise((resolve) => (globalThis.leave = resolve));
      });
      const using = client.withLock('used', {}, ({ signal }) => {
        globalThis.used = signal;
        return new Promise((resolve) => (globalThis.done = resolve));
      });
      while (globalThis.used === undefined || globalThis.leading === undefined)
        await new Promise((resolve) => setTimeout(resolve, 20));
      for (let turns = 0; turns < 20; turns += 1) {
        await new Promise((resolve) => setTimeout(resolve, 10));
        gc();
      }
      console.log(held.isLost, globalThis.leading.aborted, globalThis.used.aborted);
      stop.abort(); globalThis.leave(); globalThis.done();
      await Promise.all([election, using]);
      await held.close(); await held.session.close();
    `,
      { flags: ['--expose-gc'] },
    );
    expect(stdout).toBe('false false false\n');
    expect(stderr).toBe('');
  });

  test('an open handle does not keep the process alive', async () => {
    const started = performance.now();
    const { code } = await run(`await client.hold('left-open', { ttlSeconds: 3600 });`);
    expect(code).toBe(0);
    expect(performance.now() - started).toBeLessThan(60_000);
    expect(await statusOf('left-open')).toBe('held');
  });

  test('the text forms have no lease id', async () => {
    const { stdout } = await run(`
      import { inspect } from 'node:util';
      const lock = await client.hold('shown');
      const texts = [String(lock), inspect(lock), JSON.stringify(lock), inspect(client)].join(' ');
      console.log(texts.includes(lock.leaseId), inspect(lock));
      await lock.close();
      console.log(String(lock));
    `);
    expect(stdout).toMatch(
      /^false LockHandle\(shown, fencing token \d+, (60|59)\.\d s left\)\nLockHandle\(shown, fencing token \d+, closed\)\n$/,
    );
  });
});

describe('exits', () => {
  const EXIT = `const careful = new OctoStoreClient({ releaseOnExit: true });\n`;

  test('with `releaseOnExit`, a process that ends by itself closes its handles', async () => {
    const { code } = await run(`${EXIT} await careful.hold('at-the-end', { ttlSeconds: 3600 });`);
    expect(code).toBe(0);
    expect(await statusOf('at-the-end')).toBe('available');
  });

  test.each(['SIGINT', 'SIGTERM'] as const)(
    'on %s it closes its handles, and ends as the signal says',
    async (name) => {
      const { signal } = await run(
        `${EXIT} await careful.hold('on-a-signal', { ttlSeconds: 3600 }); setInterval(() => {}, 1000); console.log('ready');`,
        { onOutput: whenReady(name) },
      );
      expect(signal).toBe(name);
      expect(await statusOf('on-a-signal')).toBe('available');
    },
  );

  test('the handlers of the program still run, and decide when it ends', async () => {
    const { code, stdout } = await run(
      `${EXIT} await careful.hold('with-a-handler', { ttlSeconds: 3600 });
       const busy = setInterval(() => {}, 1000);
       process.once('SIGTERM', () => {
         console.log('told');
         setTimeout(() => { console.log('done'); process.exitCode = 3; clearInterval(busy); }, 300);
       });
       console.log('ready');`,
      { onOutput: whenReady('SIGTERM') },
    );
    expect(stdout).toBe('ready\ntold\ndone\n');
    expect(code).toBe(3);
    expect(await statusOf('with-a-handler')).toBe('available');
  });

  test('once all handles are closed, the process has no listeners left', async () => {
    const { stdout } = await run(`${EXIT}
      const lock = await careful.hold('closed-before', {});
      console.log(process.listenerCount('SIGTERM'));
      await lock.close();
      await new Promise((resolve) => setTimeout(resolve, 50));
      console.log(process.listenerCount('SIGTERM'), process.listenerCount('beforeExit'));
    `);
    expect(stdout).toBe('1\n0 0\n');
  });
});

test('`await using` reports a loss, and so does `withLock`, with the result', async () => {
  const { stdout } = await run(`
    const lose = (lock) => client.release(lock.name, lock.leaseId);
    const lost = (lock) => new Promise((resolve) => lock.signal.addEventListener('abort', resolve));
    const error = await client.withLock('with', { ttlSeconds: 1 }, async (lock) => {
      await lose(lock); await lost(lock); return 7;
    }).catch((error) => error);
    console.log(error instanceof LockLostError, error.lock, error.result, error.message);
    const own = await client.withLock('with', { ttlSeconds: 1 }, async (lock) => {
      await lose(lock); await lost(lock); throw new Error('mine');
    }).catch((error) => error);
    console.log(own.message, own.cause.message);
    const lock = await client.hold('using', { ttlSeconds: 1 });
    await lose(lock); await lost(lock);
    console.log((await lock[Symbol.asyncDispose]().catch((error) => error)).name);
    const closed = await client.hold('using', { ttlSeconds: 1 });
    await lose(closed); await lost(closed);
    await closed.close();
    console.log(await closed[Symbol.asyncDispose]());
  `);
  expect(stdout.split('\n')).toEqual([
    'true with 7 the lock with is lost: it has ended on the server. This was while its block ran, so someone else may have held it meanwhile.',
    'mine the lock with is lost: it has ended on the server',
    'LockLostError',
    'undefined',
    '',
  ]);
});

vi.setConfig({ testTimeout: 60_000 });
