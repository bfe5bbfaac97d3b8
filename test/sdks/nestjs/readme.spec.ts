import type { Type } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { OctoStoreClient } from '@octostore/client';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startServer, type TestServer } from '../../support/server.js';
import { startReplica } from './replica.js';

const readme = readFileSync('sdks/nestjs/README.md', 'utf8');
const examples = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code ?? '');
const PACKAGE = resolve('sdks/nestjs/src/index.ts');
const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
};

// Inside the repository, so that vitest loads the package for the examples as for any test.
mkdirSync('build', { recursive: true });
const folder = mkdtempSync(resolve('build/examples-'));
let server: TestServer;

beforeAll(async () => {
  server = await startServer();
});

afterAll(async () => {
  rmSync(folder, { recursive: true });
  await server.close();
});

/** The class that an example exports. */
async function exampleOf(name: string): Promise<Type> {
  const found = examples.filter((example) => example.includes(`export class ${name} `));
  expect(found).toHaveLength(1);
  const source = (found[0] ?? '')
    .replace("'@octostore/nestjs'", `'${pathToFileURL(PACKAGE).href}'`)
    .replace('http://localhost:3000', server.url)
    .replace('octo_...', server.token);
  const compilerOptions = { ...OPTIONS, module: ts.ModuleKind.ESNext };
  const file = join(folder, `${name}.mjs`);
  writeFileSync(file, ts.transpileModule(source, { compilerOptions }).outputText);
  return ((await import(file)) as Record<string, Type>)[name] as Type;
}

test('the examples compile against the types of the package', { timeout: 120_000 }, () => {
  const files = examples.map((example, at) => {
    const file = join(folder, `typed-${at}.ts`);
    writeFileSync(file, example.replace("'@octostore/nestjs'", `'${PACKAGE.replace(/\.ts$/, '.js')}'`));
    return file;
  });
  const program = ts.createProgram(files, {
    ...OPTIONS,
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

test('the examples run', async () => {
  const outside = new OctoStoreClient({ baseUrl: server.url, token: server.token });
  const [AppModule, Orders, Invoices, Scheduler] = await Promise.all(
    ['AppModule', 'OrdersController', 'InvoicesJob', 'SchedulerService'].map(exampleOf),
  );
  if (!AppModule || !Orders || !Invoices || !Scheduler) throw new Error('An example exports no class.');
  const { app, url } = await startReplica([AppModule], {
    providers: [Invoices, Scheduler],
    controllers: [Orders],
  });

  const shipped = await fetch(`${url}/orders/7/ship`, { method: 'POST' });
  expect(await shipped.text()).toMatch(/^order 7 is shipped with the fencing token \d+$/);

  void app.get(SchedulerRegistry).getCronJob('invoices').fireOnTick();
  await vi.waitUntil(async () => (await outside.lockStatus('invoices')).status === 'delayed', {
    timeout: 20_000,
  });
  expect(app.get(Invoices)).toMatchObject({ lastFence: expect.any(Number) });

  const scheduler = app.get<{ readonly state: string }>(Scheduler);
  await vi.waitUntil(() => scheduler.state !== 'follows', { timeout: 20_000 });
  expect(scheduler.state).toMatch(/^leads with the fencing token \d+$/);
  await app.close();
  expect(scheduler.state).toBe('follows');
});
