import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startServer, type TestServer } from '../../support/server.js';
import { Programs, type Ended, type RunOptions } from './program.js';

vi.setConfig({ testTimeout: 60_000 });

const readme = readFileSync('sdks/typescript/README.md', 'utf8');
let server: TestServer;
let programs: Programs;

beforeAll(async () => {
  server = await startServer();
  programs = new Programs({ OCTOSTORE_BASE_URL: server.url, OCTOSTORE_TOKEN: server.token });
});

afterAll(async () => {
  programs.remove();
  await server.close();
});

/** Runs a program that has a `client`. */
function run(code: string, options?: RunOptions): Promise<Ended> {
  const imports = `import { OctoStoreClient, LockLostError } from '@octostore/client';`;
  return programs.run(`${imports}\nconst client = new OctoStoreClient();\n${code}`, options);
}

async function statusOf(name: string): Promise<string> {
  const headers = { authorization: `Bearer ${server.token}` };
  const lock = await fetch(`${server.url}/locks/${name}`, { headers });
  return ((await lock.json()) as { readonly status: string }).status;
}

describe('elections', () => {
  test('an error of the function that no one asks for is a warning, and does not end the process', async () => {
    const { code, stderr, stdout } = await run(`
      const alive = setInterval(() => {}, 1000);
      process.once('warning', () => setTimeout(() => { console.log('still here'); clearInterval(alive); }, 100));
      void client.elect('unasked', {}, () => { throw new Error('no disk'); });
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

  test('a process stays alive while a function runs under a lock, even if it only waits for the signal', async () => {
    const { code, stdout } = await run(`
      const lost = (signal) => new Promise((resolve) => signal.addEventListener('abort', resolve));
      const error = await client.withLock('waiting', { ttlSeconds: 3 }, async ({ signal, leaseId }) => {
        await client.release('waiting', leaseId);
        await lost(signal);
      }).catch(({ name }) => name);
      console.log(error);
    `);
    expect(stdout).toBe('LockLostError\n');
    expect(code).toBe(0);
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
      /^false LockHandle\(shown, fencing token \d+, \d+\.\d s left\)\nLockHandle\(shown, fencing token \d+, closed\)\n$/,
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
        { signalWhenReady: name },
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
      { signalWhenReady: 'SIGTERM' },
    );
    expect(stdout).toBe('ready\ntold\ndone\n');
    expect(code).toBe(3);
    expect(await statusOf('with-a-handler')).toBe('available');
  });

  test.each(['SIGINT', 'SIGTERM'] as const)(
    'the recipe of the README releases its lock on %s',
    async (name) => {
      const recipe = /^```ts\n((?:(?!```).)*process\.once\(.*?)^```$/ms.exec(readme)?.[1] ?? '';
      const work = `
      async function runNextJob() {
        console.log('ready');
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    `;
      const { code, stderr } = await programs.run(recipe + work, { signalWhenReady: name });
      expect(stderr).toBe('');
      expect(code).toBe(0);
      expect(await statusOf('reports')).toBe('available');
    },
  );

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
    const busy = setInterval(() => {}, 1000);
    const lost = (lock) => new Promise((resolve) => lock.signal.addEventListener('abort', resolve));
    const error = await client.withLock('with', { ttlSeconds: 3 }, async (lock) => {
      await lose(lock); await lost(lock); return 7;
    }).catch((error) => error);
    console.log(error instanceof LockLostError, error.lock, error.result, error.message);
    const own = await client.withLock('with', { ttlSeconds: 3 }, async (lock) => {
      await lose(lock); await lost(lock); throw new Error('mine');
    }).catch((error) => error);
    console.log(own.message, own.cause.message);
    const lock = await client.hold('using', { ttlSeconds: 3 });
    await lose(lock); await lost(lock);
    console.log((await lock[Symbol.asyncDispose]().catch((error) => error)).name);
    const closed = await client.hold('using', { ttlSeconds: 3 });
    await lose(closed); await lost(closed);
    await closed.close();
    console.log(await closed[Symbol.asyncDispose]());
    clearInterval(busy);
  `);
  expect(stdout.split('\n')).toEqual([
    'true with 7 the lock with is lost: it has ended on the server. This was while its block ran, so someone else may have held it meanwhile.',
    'mine the lock with is lost: it has ended on the server',
    'LockLostError',
    'undefined',
    '',
  ]);
});
