import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { OctoStoreClient, verifyWebhook } from '../../../sdks/typescript/src/index.js';
import { RULES } from '../../../sdks/typescript/src/rules.js';
import { testFolder } from '../../support/temp-folder.js';

const PACKAGE = 'sdks/typescript';
/** The parts of the server that the package has in its test double. */
const SERVER = ['src/core', 'src/errors/error-table.ts'];

test('the numbers are those of all SDKs', () => {
  expect(RULES).toEqual(JSON.parse(readFileSync('sdks/conformance/rules.json', 'utf8')));
});

test('requests say which client sends them', async () => {
  const { version } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as { version: string };
  const agents: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    agents.push(request.headers['user-agent']);
    response.end('OK');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  await new OctoStoreClient({ baseUrl: `http://127.0.0.1:${port}` }).health();
  expect(agents).toEqual([`octostore-typescript/${version}`]);
});

test('the body of a webhook must be as received', async () => {
  const parsed = { event: 'acquired' } as unknown as string;
  await expect(verifyWebhook('secret', {}, parsed)).rejects.toThrow(/exactly what was received/);
});

test('a checkout can be packed, and the package has all that its source maps name', () => {
  mkdirSync('build', { recursive: true });
  const checkout = mkdtempSync(resolve('build/package-'));
  onTestFinished(() => rmSync(checkout, { recursive: true }));
  const folder = join(checkout, PACKAGE);
  const ofPackage = ['package.json', 'tsconfig.json', 'tsconfig.server.json', 'README.md', 'LICENSE', 'src'];
  for (const path of [...ofPackage.map((name) => join(PACKAGE, name)), ...SERVER])
    cpSync(path, join(checkout, path), { recursive: true });
  const tarball = execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], {
    cwd: folder,
    encoding: 'utf8',
  });
  const files = execFileSync('tar', ['-tzf', join(folder, tarball.trim().split('\n').at(-1) ?? '')], {
    encoding: 'utf8',
  })
    .trim()
    .split('\n');
  expect(files).toEqual(
    expect.arrayContaining([
      'package/LICENSE',
      'package/README.md',
      'package/dist/index.d.ts',
      'package/dist/testing/index.d.ts',
      'package/dist/testing/server/core/step.js',
    ]),
  );
  const maps = files.filter((file) => file.endsWith('.map'));
  expect(maps.length).toBeGreaterThan(20);
  const named = maps.flatMap((file) => {
    const map = JSON.parse(readFileSync(join(folder, file.replace('package/', '')), 'utf8')) as {
      sources: string[];
    };
    return map.sources.map((source) => join(dirname(file), source));
  });
  expect(named.filter((file) => !files.includes(file))).toEqual([]);
}, 120_000);

test('the package builds with the compiler alone, without dependencies, and other programs can use it', () => {
  const folder = testFolder();
  const compile = (project: string, to: string): Buffer =>
    execFileSync('node', ['node_modules/typescript/bin/tsc', '-p', project, '--outDir', join(folder, to)]);
  compile(join(PACKAGE, 'tsconfig.server.json'), 'dist/testing/server');
  compile(PACKAGE, 'dist');
  cpSync(join(PACKAGE, 'package.json'), join(folder, 'package.json'));
  const { dependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as object & {
    dependencies?: object;
  };
  expect(dependencies).toBeUndefined();
  // A package may import itself by its name, which shows that its exports resolve.
  const program = `import { OctoStoreClient } from '@octostore/client';\nconsole.log(String(new OctoStoreClient()));\n`;
  writeFileSync(join(folder, 'program.mjs'), program);
  const environment = { PATH: process.env['PATH'] };
  const double = `import { InMemoryOctoStore } from '@octostore/client/testing';
console.log((await new InMemoryOctoStore().client().acquire('a')).fencingToken);\n`;
  writeFileSync(join(folder, 'double.mjs'), double);
  const token = execFileSync('node', [join(folder, 'double.mjs')], { encoding: 'utf8' });
  expect(token).toBe('1\n');
  const output = execFileSync('node', [join(folder, 'program.mjs')], { encoding: 'utf8', env: environment });
  expect(output).toBe('OctoStoreClient(http://localhost:3000)\n');
  const common = `const { OctoStoreClient } = require('@octostore/client');\nconsole.log(String(new OctoStoreClient()));\n`;
  writeFileSync(join(folder, 'program.cjs'), common);
  const required = execFileSync('node', [join(folder, 'program.cjs')], {
    encoding: 'utf8',
    env: environment,
  });
  expect(required).toBe(output);
  expect(readFileSync(join(folder, 'dist/index.d.ts'), 'utf8')).toContain('OctoStoreClient');
}, 120_000);
