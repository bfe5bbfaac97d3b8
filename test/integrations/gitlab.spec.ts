import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { OctoStoreClient } from '@octostore/client';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { SOON } from '../support/process.js';
import { BOB } from '../support/server.js';
import { testFolder } from '../support/temp-folder.js';
import { repositoryFile } from './repository-file.js';
import { startTrusting, type TrustedIssuer } from './trusted-issuer.js';

interface Template {
  readonly '.octostore-lock': {
    readonly variables: Readonly<Record<string, string>>;
    readonly id_tokens: { readonly OCTOSTORE_ID_TOKEN: { readonly aud: string } };
    readonly before_script: readonly string[];
    readonly after_script: readonly string[];
  };
}

const file = repositoryFile('integrations/gitlab/octostore.gitlab-ci.yml');
const { '.octostore-lock': template } = parse(readFileSync(file, 'utf8')) as Template;

let trusted: TrustedIssuer;
let person: OctoStoreClient;

beforeAll(async () => {
  trusted = await startTrusting(['project_path:acme/*']);
  person = new OctoStoreClient({ baseUrl: trusted.server.url, token: BOB });
});

afterAll(() => trusted.close());

interface Ran {
  readonly code: number | null;
  readonly output: string;
}

/** A job that extends the template, run as the runner does: the first scripts in one shell, and the last one in another. */
class Job {
  readonly #folder = testFolder();
  readonly #variables: Readonly<Record<string, string>>;

  constructor(variables: Readonly<Record<string, string>>) {
    this.#variables = variables;
  }

  /** Runs `before_script` and `script`. */
  run(script: string): Promise<Ran> {
    return this.#shell([...template.before_script, script]);
  }

  end(): Promise<Ran> {
    return this.#shell(template.after_script);
  }

  leaves(name: string): boolean {
    return existsSync(join(this.#folder, name));
  }

  async #shell(commands: readonly string[]): Promise<Ran> {
    const child = spawn('sh', ['-e', '-c', commands.join('\n')], {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        ...template.variables,
        CI_PROJECT_DIR: this.#folder,
        CI_PROJECT_PATH: 'acme/app',
        CI_JOB_ID: '42',
        OCTOSTORE_BASE_URL: trusted.server.url,
        OCTOSTORE_ID_TOKEN: await trusted.tokenFor('project_path:acme/app:ref_type:branch:ref:main'),
        ...this.#variables,
      },
    });
    const output = Promise.all([text(child.stdout), text(child.stderr)]);
    onTestFinished(() => endGroup(child.pid));
    const [code] = (await once(child, 'exit')) as [number | null];
    return { code, output: (await output).join('') };
  }
}

function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // All of it has ended.
  }
}

test('the audience of the token is the URL of the server', () => {
  expect(template.id_tokens.OCTOSTORE_ID_TOKEN.aud).toBe('$OCTOSTORE_BASE_URL');
});

test('a job holds its locks while its script runs, and releases them at its end', async () => {
  const job = new Job({ OCTOSTORE_LOCKS: 'deploy/production, deploy/database' });
  const ran = await job.run('echo "fence: $OCTOSTORE_FENCING_TOKEN"');
  const held = await person.lockStatus('deploy/database');
  expect(held).toMatchObject({ status: 'held', metadata: 'acme/app, job 42' });
  expect(ran).toEqual({
    code: 0,
    output: `Holding deploy/production, deploy/database with the fencing token ${held.fencingToken}.\nfence: ${held.fencingToken}\n`,
  });
  const ended = await job.end();
  expect(ended.output).toContain('Released deploy/production, deploy/database.');
  expect((await person.lockStatus('deploy/production')).status).toBe('available');
  expect(job.leaves('.octostore-lease-id')).toBe(false);
});

test('another job waits in line until the first has ended', async () => {
  const [first, second] = [
    new Job({ OCTOSTORE_LOCKS: 'line' }),
    new Job({ OCTOSTORE_LOCKS: 'line', OCTOSTORE_WAIT: '60' }),
  ];
  await first.run('true');
  const waiting = second.run('echo deployed');
  await expect.poll(async () => (await person.lockStatus('line')).waiters, SOON).toBe(1);
  await first.end();
  expect((await waiting).output).toMatch(/deployed\n$/);
  await second.end();
});

test('a job that does not get its lock fails before its script', async () => {
  await person.acquire('taken', { ttlSeconds: 600 });
  const { code, output } = await new Job({ OCTOSTORE_LOCKS: 'taken' }).run('echo deployed');
  expect(code).toBe(1);
  expect(output).toMatch(/OctoStore did not grant taken: .*"holder":"bob"/);
  expect(output).not.toContain('deployed');
});

test('the lock is renewed while the script runs, for longer than its TTL', async () => {
  const job = new Job({ OCTOSTORE_LOCKS: 'renewed', OCTOSTORE_TTL: '6' });
  await job.run('true');
  const expiry = async () => {
    const status = await person.lockStatus('renewed');
    return status.status === 'held' ? status.expiresAt.getTime() : 0;
  };
  const first = await expiry();
  await expect.poll(expiry, SOON).toBeGreaterThan(first);
  await job.end();
});

test('a token that the server does not trust is refused before the script', async () => {
  const { code, output } = await new Job({ OCTOSTORE_LOCKS: 'never', OCTOSTORE_ID_TOKEN: 'no-jwt' }).run(
    'echo deployed',
  );
  expect(code).toBe(1);
  expect(output).not.toContain('deployed');
});
