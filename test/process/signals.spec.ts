import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ALICE, Installation, MAIN, SOON } from '../support/process.js';
import { testFolder } from '../support/temp-folder.js';

interface Control {
  readonly url: string;
}

/** The built program, started by a shell. */
class Started {
  readonly folder = testFolder();
  readonly #child: ChildProcess;
  readonly exited: Promise<unknown[]>;
  output = '';

  /** @param script in which `$NODE` and `$MAIN` are the program, and which writes its process id to the file `pid`. */
  constructor(script: string, settings: Readonly<Record<string, string>> = {}) {
    const env = { PATH: process.env['PATH'], NODE: process.execPath, MAIN, HOME: this.folder };
    this.#child = spawn('bash', ['-c', script], {
      cwd: this.folder,
      env: { ...env, BIND_ADDR: '127.0.0.1:0', STATIC_TOKENS: `alice:${ALICE}`, ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
    this.exited = once(this.#child, 'close');
    onTestFinished(async () => {
      if (existsSync(this.path('pid')) && this.#child.exitCode === null) this.signal('SIGKILL');
      this.#child.kill('SIGKILL');
      await this.exited;
    });
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  signal(signal: NodeJS.Signals): void {
    try {
      process.kill(Number(readFileSync(this.path('pid'), 'utf8')), signal);
    } catch (error) {
      expect(error).toMatchObject({ code: 'ESRCH' });
    }
  }

  async url(): Promise<string> {
    const control = this.path('octostore.db.control');
    await expect.poll(() => existsSync(control), { timeout: 60_000 }).toBe(true);
    return (JSON.parse(readFileSync(control, 'utf8')) as Control).url;
  }

  /** Stops in order because of this signal. A server that is already stopping because of another signal still answers for a while. */
  async expectStopBy(signal: NodeJS.Signals): Promise<void> {
    this.signal(signal);
    expect(await this.exited).toEqual([0, null]);
    expect(new Set(this.output.match(/SIG(?:HUP|INT|TERM)/g))).toEqual(new Set([signal]));
  }

  /** Answers, and so has received the signals that were sent to it before. */
  async isServing(): Promise<boolean> {
    const response = await fetch(`${await this.url()}/health`);
    return (await response.text()) === 'OK';
  }
}

const SERVER = 'echo $$ > pid; exec';

test.each(['$NODE $MAIN', 'nohup $NODE $MAIN'])(
  '"%s" without a terminal survives SIGHUP',
  async (command) => {
    const server = new Started(`${SERVER} ${command}`);
    await server.url();
    for (let count = 0; count < 3; count += 1) {
      server.signal('SIGHUP');
      expect(await server.isServing()).toBe(true);
    }
    await server.expectStopBy('SIGTERM');
  },
);

/** `script` runs a command in a terminal. */
const IN_TERMINAL = (command: string): string => `exec script -qec '${SERVER} ${command}' /dev/null`;

test('a server stops in order when its terminal is closed', async () => {
  const server = new Started(IN_TERMINAL('$NODE $MAIN'));
  await server.url();
  await server.expectStopBy('SIGHUP');
  expect(server.output).toContain('Stopped');
});

test('a server in a terminal whose shell ignores SIGHUP survives when it is closed', async () => {
  const server = new Started(
    `exec script -qec 'trap "" HUP; $NODE $MAIN & echo $! > pid; wait; :' /dev/null`,
  );
  await server.url();
  server.signal('SIGHUP');
  expect(await server.isServing()).toBe(true);
  await server.expectStopBy('SIGTERM');
});

test('SIGUSR1 does not open a debugger', async () => {
  const server = new Started(`${SERVER} $NODE $MAIN`);
  await server.url();
  server.signal('SIGUSR1');
  expect(await server.isServing()).toBe(true);
  server.signal('SIGTERM');
  expect(await server.exited).toEqual([0, null]);
  expect(server.output).not.toContain('Debugger');
});

/** Prints whether it ignores SIGHUP, and its process id. */
const COMMAND = `sh -c 'grep SigIgn /proc/self/status; echo command $$; exec sleep 300'`;

/** The guardian and its command end when this process ends. */
async function commandOf(run: Started): Promise<number> {
  await expect.poll(() => run.output, { timeout: 60_000 }).toMatch(/command \d+/);
  return Number(/command (\d+)/.exec(run.output)?.[1]);
}

function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}/cmdline`) && readFileSync(`/proc/${pid}/cmdline`, 'utf8') !== '';
}

test('under nohup, `lock run` and its command ignore SIGHUP', async () => {
  const { url } = await new Installation().start();
  const run = new Started(`nohup $NODE $MAIN lock run hup -- ${COMMAND} & echo $! > pid; wait $!`, {
    OCTOSTORE_BASE_URL: url,
    OCTOSTORE_TOKEN: ALICE,
  });
  const command = await commandOf(run);
  expect(run.output).toMatch(/SigIgn:\s*0*1$/m);
  run.signal('SIGHUP');
  process.kill(command, 'SIGHUP');
  run.signal('SIGCONT');
  expect(isAlive(command)).toBe(true);
  run.signal('SIGTERM');
  expect(await run.exited).toEqual([128 + 15, null]);
});

test('without nohup, SIGHUP reaches the command of `lock run`', async () => {
  const { url } = await new Installation().start();
  const run = new Started(`${SERVER} $NODE $MAIN lock run hup -- ${COMMAND}`, {
    OCTOSTORE_BASE_URL: url,
    OCTOSTORE_TOKEN: ALICE,
  });
  const command = await commandOf(run);
  expect(run.output).toMatch(/SigIgn:\s*0+$/m);
  run.signal('SIGHUP');
  expect(await run.exited).toEqual([128 + 1, null]);
  await expect.poll(() => isAlive(command), SOON).toBe(false);
});

test('a server whose standard streams are closed does not write its log into its database', async () => {
  const server = new Started(`${SERVER} $NODE $MAIN <&- >&- 2>&-`, { LOG_LEVEL: 'debug' });
  expect(await server.isServing()).toBe(true);
  server.signal('SIGTERM');
  expect(await server.exited).toEqual([0, null]);
  expect(readFileSync(server.path('octostore.db')).toString('latin1', 0, 15)).toBe('SQLite format 3');
  for (const file of ['octostore.db', 'octostore.db.lock']) {
    expect(readFileSync(server.path(file), 'latin1')).not.toContain('"level"');
  }
});
