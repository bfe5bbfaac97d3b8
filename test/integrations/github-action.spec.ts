import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { OctoStoreClient } from '@octostore/client';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { SOON } from '../support/process.js';
import { BOB } from '../support/server.js';
import { testFolder } from '../support/temp-folder.js';
import { repositoryFile } from './repository-file.js';
import { AUDIENCE, startTrusting, type TrustedIssuer } from './trusted-issuer.js';

const SUBJECT = 'repo:acme/app:ref:refs/heads/main';

/** What GitHub gives to a job that may ask for its OIDC token. */
const REQUEST_TOKEN = 'the-request-token-of-the-job';

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly runs: { readonly main: string; readonly post: string };
}

const folderOfAction = repositoryFile('integrations/github-action');
const action = parse(readFileSync(join(folderOfAction, 'action.yml'), 'utf8')) as Action;

let trusted: TrustedIssuer;
let person: OctoStoreClient;
let requestUrl = '';
const platform = createServer((request, response) => {
  const { searchParams } = new URL(request.url ?? '', 'http://localhost');
  const isKnown = request.headers.authorization === `Bearer ${REQUEST_TOKEN}`;
  if (!isKnown || searchParams.get('api-version') !== '2.0') {
    response.writeHead(401).end();
    return;
  }
  void trusted
    .tokenFor(SUBJECT, { aud: searchParams.get('audience') ?? '' })
    .then((value) => response.end(JSON.stringify({ count: 1, value })));
});

beforeAll(async () => {
  trusted = await startTrusting(['repo:acme/*']);
  person = new OctoStoreClient({ baseUrl: trusted.server.url, token: BOB });
  await new Promise<void>((resolve) => platform.listen(0, '127.0.0.1', resolve));
  requestUrl = `http://127.0.0.1:${(platform.address() as AddressInfo).port}/token?api-version=2.0`;
});

afterAll(async () => {
  platform.close();
  await trusted.close();
});

interface Step {
  readonly code: number;
  readonly stdout: string;
}

/** A job that uses the action, run as the runner does: a process for each script, and files for what it stores. */
class Job {
  readonly folder = testFolder();
  readonly #inputs: Readonly<Record<string, string>>;

  constructor(inputs: Readonly<Record<string, string>>) {
    for (const file of ['env', 'output', 'state']) writeFileSync(join(this.folder, file), '');
    const defaults = Object.entries(action.inputs).map(([name, { default: value = '' }]) => [name, value]);
    const given = { url: trusted.server.url, audience: AUDIENCE, ...inputs };
    this.#inputs = { ...(Object.fromEntries(defaults) as Record<string, string>), ...given };
    onTestFinished(() => {
      const renewer = Number(this.read('state')['renewer'] ?? 0);
      try {
        if (renewer > 0) process.kill(renewer, 'SIGKILL');
      } catch {
        // The post step has ended it.
      }
    });
  }

  main(settings: Record<string, string> = {}): Promise<Step> {
    return this.#run(action.runs.main, settings);
  }

  post(settings: Record<string, string> = {}): Promise<Step> {
    const state = Object.entries(this.read('state')).map(([name, value]) => [`STATE_${name}`, value]);
    return this.#run(action.runs.post, {
      ...(Object.fromEntries(state) as Record<string, string>),
      ...settings,
    });
  }

  /** What a script has stored. */
  read(file: 'env' | 'output' | 'state'): Record<string, string> {
    const lines = readFileSync(join(this.folder, file), 'utf8')
      .split('\n')
      .filter((line) => line !== '');
    return Object.fromEntries(lines.map((line) => line.split('=', 2) as [string, string]));
  }

  #run(script: string, settings: Record<string, string>): Promise<Step> {
    const inputs = Object.entries(this.#inputs).map(([name, value]) => [
      `INPUT_${name.toUpperCase()}`,
      value,
    ]);
    const env = {
      PATH: process.env['PATH'],
      GITHUB_ENV: join(this.folder, 'env'),
      GITHUB_OUTPUT: join(this.folder, 'output'),
      GITHUB_STATE: join(this.folder, 'state'),
      GITHUB_REPOSITORY: 'acme/app',
      GITHUB_WORKFLOW: 'Deploy',
      GITHUB_RUN_ID: '42',
      RUNNER_TEMP: this.folder,
      ACTIONS_ID_TOKEN_REQUEST_URL: requestUrl,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: REQUEST_TOKEN,
      ...(Object.fromEntries(inputs) as Record<string, string>),
      ...settings,
    };
    return new Promise((resolve) => {
      execFile(process.execPath, [join(folderOfAction, script)], { env }, (error, stdout) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout }),
      );
    });
  }
}

test('a job holds its locks without a secret until its end, and tells later steps the fencing token', async () => {
  const job = new Job({ locks: 'deploy/production, deploy/database' });
  const main = await job.main();
  expect(main).toMatchObject({ code: 0 });
  const held = await person.lockStatus('deploy/database');
  expect(held).toMatchObject({ status: 'held', metadata: 'acme/app Deploy, run 42' });
  expect(job.read('env')).toEqual({ OCTOSTORE_FENCING_TOKEN: String(held.fencingToken) });
  expect(job.read('output')).toMatchObject({ 'fencing-token': String(held.fencingToken) });
  expect(await job.post()).toEqual({ code: 0, stdout: 'Released the locks.\n' });
  expect((await person.lockStatus('deploy/production')).status).toBe('available');
});

test('another job waits in line, and gets the lock at the end of the first', async () => {
  const [first, second] = [new Job({ locks: 'line' }), new Job({ locks: 'line', wait: '60' })];
  await first.main();
  const waiting = second.main();
  await expect.poll(async () => (await person.lockStatus('line')).waiters, SOON).toBe(1);
  await first.post();
  expect(await waiting).toMatchObject({ code: 0 });
  await second.post();
});

test('a job that does not wait fails, says who has the lock, and releases nothing of theirs', async () => {
  const { leaseId } = await person.acquire('taken', { ttlSeconds: 600 });
  const job = new Job({ locks: 'taken' });
  const main = await job.main();
  expect(main.code).toBe(1);
  expect(main.stdout).toMatch(/^::error title=OctoStore::.*bob/);
  expect(await job.post()).toEqual({ code: 0, stdout: '' });
  await person.release('taken', leaseId);
});

test('the lock is renewed in the background, for longer than its TTL', async () => {
  const job = new Job({ locks: 'renewed', ttl: '30' });
  await job.main();
  const before = await person.lockStatus('renewed');
  const endsAt = async () => {
    const now = await person.lockStatus('renewed');
    return now.status === 'held' ? now.expiresAt.getTime() : 0;
  };
  const first = before.status === 'held' ? before.expiresAt.getTime() : 0;
  await expect.poll(endsAt, SOON).toBeGreaterThan(first);
  await job.post();
  expect((await person.lockStatus('renewed')).status).toBe('available');
});

test('the end of a job that has lost its lock fails', async () => {
  const job = new Job({ locks: 'lost' });
  await job.main();
  await new OctoStoreClient({ baseUrl: trusted.server.url, token: 'the-admin-key-of-tests' }).breakLock(
    'lost',
    {
      reason: 'it hangs',
    },
  );
  const post = await job.post();
  expect(post.code).toBe(1);
  expect(post.stdout).toMatch(/The locks were lost while the job ran.*it hangs/);
});

test.each([
  ['no permission', { ACTIONS_ID_TOKEN_REQUEST_URL: '' }, /id-token: write/],
  ['no server', { INPUT_URL: 'http://127.0.0.1:1' }, /cannot be reached/],
  ['a wrong audience', { INPUT_AUDIENCE: 'https://elsewhere.example' }, /audience/],
  ['a wrong ttl', { INPUT_TTL: '5' }, /"ttl" must be a whole number of seconds from 30 to 3600/],
])('with %s, the step fails with a sentence', async (_, settings, sentence) => {
  const { code, stdout } = await new Job({ locks: 'never' }).main(settings);
  expect(code).toBe(1);
  expect(stdout).toMatch(sentence);
  expect(stdout).not.toContain('    at ');
});

test('the action needs nothing but Node', () => {
  const scripts = readdirSync(folderOfAction).filter((name) => name.endsWith('.mjs'));
  const imports = scripts.flatMap((name) =>
    [...readFileSync(join(folderOfAction, name), 'utf8').matchAll(/from '([^']+)'/g)].map(
      ([, from = '']) => from,
    ),
  );
  expect(
    imports.filter((from) => !from.startsWith('node:') && !existsSync(join(folderOfAction, from))),
  ).toEqual([]);
});
