import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OctoStoreClient } from '@octostore/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { SOON, type Program } from '../support/process.js';
import { ALICE, BOB, startServer, type TestServer } from '../support/server.js';
import { testFolder } from '../support/temp-folder.js';
import { octostore } from '../cli/cli-rig.js';
import { repositoryFile } from './repository-file.js';

let server: TestServer;
let bob: OctoStoreClient;

beforeAll(async () => {
  server = await startServer();
  bob = new OctoStoreClient({ baseUrl: server.url, token: BOB });
});

afterAll(() => server.close());

/** The arguments of `octostore` in the unit, as systemd makes them, for an instance with a program. */
function unitArguments(instance: string, program: readonly string[], tokenFile: string): string[] {
  const unit = readFileSync(repositoryFile('integrations/leader/octostore-leader@.service'), 'utf8');
  const [, line = ''] = /^ExecStart=\/usr\/bin\/octostore (.*)$/m.exec(unit) ?? [];
  return line
    .replaceAll('%i', instance)
    .replaceAll('%H', 'a-host')
    .split(' ')
    .flatMap((word) => {
      if (word === '$PROGRAM') return program;
      return word.includes('${CREDENTIALS_DIRECTORY}') ? tokenFile : word;
    });
}

/** A program that notices if it runs twice at a time. */
function onlyOnce(folder: string): string[] {
  const file = join(folder, 'only-once');
  const script = `exec 9>'${file}'; flock -n 9 || { echo both; exit 1; }; echo "runs with $OCTOSTORE_FENCING_TOKEN"; exec sleep 300`;
  return ['sh', '-c', script];
}

async function tokenOf(program: Program): Promise<number> {
  const [, token] = await program.printed(/runs with (\d+)/);
  return Number(token);
}

test.each(['SIGKILL', 'SIGTERM'] as const)(
  'the unit runs its program on one machine, and after %s of the leader on the other, never on both',
  async (signal) => {
    const folder = testFolder();
    const tokenFile = join(folder, 'octostore-token');
    writeFileSync(tokenFile, ALICE);
    const args = unitArguments(`unit-${signal}`, onlyOnce(folder), tokenFile);
    const start = () => octostore(args, server.url, { OCTOSTORE_TOKEN: undefined });
    const first = start();
    const firstToken = await tokenOf(first);
    const second = start();
    await expect.poll(async () => (await bob.lockStatus(`leader/unit-${signal}`)).waiters, SOON).toBe(1);
    expect(second.stdout).toBe('');
    first.signal(signal);
    expect(await tokenOf(second)).toBeGreaterThan(firstToken);
    expect(`${first.stdout}${second.stdout}`).not.toContain('both');
    expect(await bob.lockStatus(`leader/unit-${signal}`)).toMatchObject({ metadata: 'a-host' });
    second.signal('SIGTERM');
    await second.exited;
  },
);

test('the sidecar keeps its file while it leads, with the fencing token, and not a moment longer', async () => {
  const [one, other] = [testFolder(), testFolder()];
  const start = (folder: string) =>
    octostore(sidecarArguments(folder, ALICE), server.url, { OCTOSTORE_TOKEN: undefined });
  const first = start(one);
  await expect.poll(() => existsSync(join(one, 'token')), SOON).toBe(true);
  const token = Number(readFileSync(join(one, 'token'), 'utf8'));
  expect(await bob.lockStatus('leader/reports')).toMatchObject({ fencingToken: token });
  const second = start(other);
  await expect.poll(async () => (await bob.lockStatus('leader/reports')).waiters, SOON).toBe(1);
  expect(existsSync(join(other, 'token'))).toBe(false);
  first.signal('SIGKILL');
  await expect.poll(() => existsSync(join(other, 'token')), SOON).toBe(true);
  expect(existsSync(join(one, 'token'))).toBe(false);
  expect(Number(readFileSync(join(other, 'token'), 'utf8'))).toBeGreaterThan(token);
  second.signal('SIGTERM');
  await second.exited;
  expect(existsSync(join(other, 'token'))).toBe(false);
});

/** The arguments of `octostore` in the sidecar, with other places for its files. */
function sidecarArguments(folder: string, token: string): string[] {
  const yaml = readFileSync(repositoryFile('integrations/leader/sidecar.yaml'), 'utf8');
  const { spec } = parse(yaml) as {
    spec: { template: { spec: { initContainers: { command: string[]; args: string[] }[] } } };
  };
  const [{ command, args } = { command: [], args: [] }] = spec.template.spec.initContainers;
  const tokenFile = join(folder, 'octostore-token');
  writeFileSync(tokenFile, token);
  return [...command.slice(1), ...args].map((word) =>
    word
      .replace('/secrets/octostore-token', tokenFile)
      .replace('/scripts/', repositoryFile('integrations/leader/'))
      .replace('/leader/token', join(folder, 'token')),
  );
}
