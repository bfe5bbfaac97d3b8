import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { Client } from '../../lab/kit/http/client.js';
import type { CommandStart } from '../../src/program/own-processes.js';
import { Installation, SOON, type Settings } from '../support/process.js';

/** A program in an empty folder, without a PATH, as its user has it. */
export class Journey extends Installation {
  constructor(command: CommandStart, settings: Settings = {}, folder?: string) {
    super({ STATIC_TOKENS: undefined, LOG_LEVEL: 'info', PATH: '', ...settings }, folder, command);
  }

  /** Runs a command that must succeed and print nothing on stderr. Returns what it prints. */
  async succeed(args: readonly string[], settings: Settings = {}): Promise<string> {
    const { code, stdout, stderr } = await this.run(args, settings);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return stdout;
  }

  /** Runs `token create`, which prints only the token on stdout. */
  async createToken(user: string): Promise<string> {
    const { code, stdout, stderr } = await this.run(['token', 'create', user]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(/^Created a token for /) });
    return stdout.trim();
  }
}

/** What `lock run` and other clients need to know. */
export function accessTo(url: string, token: string): Settings {
  return { OCTOSTORE_BASE_URL: url, OCTOSTORE_TOKEN: token, HOME: '/nonexistent' };
}

/** Runs a command under a lock. Returns its fencing token. */
export async function fencingTokenOf(journey: Journey, access: Settings): Promise<number> {
  const print = ['/bin/sh', '-c', 'echo "$OCTOSTORE_FENCING_TOKEN"'];
  const token = Number(await journey.succeed(['lock', 'run', 'deploy', '--', ...print], access));
  expect(token).toBeGreaterThan(0);
  return token;
}

/** The docs come from the program itself, and the API document is the one of this repository. */
export async function expectDocs(url: string): Promise<void> {
  const page = await (await fetch(`${url}/docs`)).text();
  const names = [...page.matchAll(/(?:src|href)="\.\/docs\/([^"]+)"/g)].map(([, name]) => name);
  expect(names).toHaveLength(6);
  for (const name of names) {
    const { status } = await fetch(`${url}/docs/${name}`);
    expect({ name, status }).toEqual({ name, status: 200 });
  }
  expect((await fetch(`${url}/docs/octostore`)).status).toBe(404);
  const document = await (await fetch(`${url}/openapi.yaml`)).text();
  expect(document).toBe(readFileSync('openapi.yaml', 'utf8'));
}

/** The console comes from the program itself too, with everything that its page loads. */
export async function expectConsole(url: string): Promise<void> {
  const page = await (await fetch(`${url}/console/`)).text();
  const paths = [...page.matchAll(/(?:src|href)="(\/console\/[^"]+)"/g)].map(([, path]) => path ?? '');
  expect(paths.filter((path) => path.includes('/assets/')).length).toBeGreaterThan(1);
  for (const path of paths) {
    const { status } = await fetch(url + path);
    expect({ path, status }).toEqual({ path, status: 200 });
  }
}

/** When `lock run` is killed, its guardian stops the command and releases the lock. */
export async function expectGuarded(journey: Journey, access: Settings, url: string): Promise<void> {
  const command = ['/bin/sh', '-c', 'echo began; exec /bin/sleep 300'];
  const run = journey.launch(['lock', 'run', 'guarded', '--ttl', '60s', '--', ...command], access);
  await run.printed(/^began$/m);
  await run.kill('SIGKILL');
  const client = new Client(url, access['OCTOSTORE_TOKEN'] ?? null);
  await expect
    .poll(async () => (await client.get('/locks/guarded')).body, SOON)
    .toMatchObject({ status: 'available' });
}
