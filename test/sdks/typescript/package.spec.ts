import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RULES } from '../../../sdks/typescript/src/rules.js';
import { testFolder } from '../../support/temp-folder.js';

const PACKAGE = 'sdks/typescript';

test('the numbers are those of all SDKs', () => {
  expect(RULES).toEqual(JSON.parse(readFileSync('sdks/conformance/rules.json', 'utf8')));
});

test('the package builds with the compiler alone, without dependencies, and other programs can use it', () => {
  const folder = testFolder();
  execFileSync('node', ['node_modules/typescript/bin/tsc', '-p', PACKAGE, '--outDir', join(folder, 'dist')]);
  cpSync(join(PACKAGE, 'package.json'), join(folder, 'package.json'));
  const { dependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as object & {
    dependencies?: object;
  };
  expect(dependencies).toBeUndefined();
  // A package may import itself by its name, which shows that its exports resolve.
  const program = `import { OctoStoreClient } from '@octostore/client';\nconsole.log(String(new OctoStoreClient()));\n`;
  writeFileSync(join(folder, 'program.mjs'), program);
  const environment = { PATH: process.env['PATH'] };
  const output = execFileSync('node', [join(folder, 'program.mjs')], { encoding: 'utf8', env: environment });
  expect(output).toBe('OctoStoreClient(http://localhost:3000)\n');
  expect(readFileSync(join(folder, 'dist/index.d.ts'), 'utf8')).toContain('OctoStoreClient');
}, 120_000);
