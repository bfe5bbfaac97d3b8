import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { collectConfig } from '../../src/config/collect.js';
import { Installation } from '../support/process.js';
import { testFolder } from '../support/temp-folder.js';

function file(content: string): string {
  const path = join(testFolder(), 'settings');
  writeFileSync(path, content);
  return path;
}

test('the environment takes precedence over the file, even with an empty value', () => {
  const environment = { MAX_WAITERS: '7', LOG_LEVEL: '' };
  const { config } = collectConfig(environment, file('MAX_WAITERS=1\nLOG_LEVEL=debug\nMAX_WATCHERS=2\n'));
  expect(config).toMatchObject({ MAX_WAITERS: 7, LOG_LEVEL: 'info', MAX_WATCHERS: 2 });
});

test('misspelt names in the file and in the environment are reported, without their values', () => {
  const environment = { GITHUB_TOKEN: 'x', MAX_WAITER: 'hunter2' };
  const { warnings } = collectConfig(environment, file('WEBHOOK_CAFILE=hunter3\nEDITOR=vi\n'));
  expect(warnings).toEqual([
    'MAX_WAITER is not a setting. Did you mean MAX_WAITERS?',
    'WEBHOOK_CAFILE is not a setting. Did you mean WEBHOOK_CA_FILE?',
  ]);
});

test('the built program reads the first line of a file with a byte order mark, and warns', async () => {
  const installation = new Installation();
  writeFileSync(installation.path('.env'), '\uFEFFLOG_LEVEL=loud\r\nMAX_WAITER=1\r\n');
  const { code, stderr } = await installation.run([]);
  expect(code).toBe(78);
  expect(stderr).toContain('LOG_LEVEL: ');
  writeFileSync(installation.path('.env'), '\uFEFFLOG_LEVEL=warn\r\nMAX_WAITER=1\r\n');
  const { stderr: warnings } = await installation.run(['backup', 'copy']);
  expect(warnings).toContain('octostore: warning: MAX_WAITER is not a setting. Did you mean MAX_WAITERS?');
}, 120_000);
