import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, existsSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ADMIN_KEY, MAIN, SOON } from '../support/process.js';
import { testFolder } from '../support/temp-folder.js';

/** Requests that each log a line; together far more than a pipe and the smallest buffer hold. */
const REQUESTS = 700;

/** A server whose output goes where a test sends it, so that its address must be read from its control file. */
class LoggingServer {
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #exited: Promise<unknown[]>;

  constructor(
    stdout: number | 'pipe',
    folder = testFolder(),
    settings: Readonly<Record<string, string>> = {},
  ) {
    this.#folder = folder;
    this.#child = spawn(process.execPath, [MAIN], {
      cwd: folder,
      env: {
        BIND_ADDR: '127.0.0.1:0',
        ADMIN_KEY,
        LOG_LEVEL: 'debug',
        LOG_FORMAT: 'json',
        LOG_BUFFER_KB: '16',
        ...settings,
      },
      stdio: ['ignore', stdout, stdout],
    });
    this.#exited = once(this.#child, 'exit');
    onTestFinished(() => void this.#child.kill('SIGKILL'));
  }

  loseReaders(): void {
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
  }

  async url(): Promise<string> {
    const control = join(this.#folder, 'octostore.db.control');
    await expect.poll(() => existsSync(control), { timeout: 30_000 }).toBe(true);
    return (JSON.parse(readFileSync(control, 'utf8')) as { url: string }).url;
  }

  async stop(): Promise<unknown[]> {
    this.#child.kill('SIGTERM');
    return this.#exited;
  }
}

/** Every answer is the usual one. */
async function work(url: string): Promise<void> {
  for (let count = 0; count < REQUESTS; count += 1) {
    const response = await fetch(`${url}/nothing-there`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: 'route_not_found' });
  }
}

const REPORT = /"dropped":(\d+)/;

async function droppedLines(url: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`, { headers: { 'x-admin-key': ADMIN_KEY } })).text();
  return Number(/^octostore_log_lines_dropped_total (\d+)$/m.exec(metrics)?.[1]);
}

function openPipe(): { readonly path: string; readonly reader: number; readonly writer: number } {
  const path = join(testFolder(), 'log');
  expect(spawnSync('mkfifo', [path]).status).toBe(0);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = openSync(path, constants.O_WRONLY);
  onTestFinished(() => closeSync(writer));
  return { path, reader, writer };
}

/** The present content of the pipe. */
function readAll(reader: number): string {
  const bytes = Buffer.alloc(1024 * 1024);
  let text = '';
  try {
    for (;;) text += bytes.toString('utf8', 0, readSync(reader, bytes));
  } catch (error) {
    expect(error).toMatchObject({ code: 'EAGAIN' });
    return text;
  }
}

test.skipIf(!existsSync('/dev/full'))(
  'a log on a full disk changes no answer and does not delay the stop',
  async () => {
    const full = openSync('/dev/full', 'w');
    const server = new LoggingServer(full);
    const url = await server.url();
    await work(url);
    expect(await droppedLines(url)).toBeGreaterThanOrEqual(REQUESTS);
    expect(await server.stop()).toEqual([0, null]);
  },
);

test('a log that no one reads changes no answer and does not delay the stop', async () => {
  const { reader, writer } = openPipe();
  const server = new LoggingServer(writer);
  const url = await server.url();
  await work(url);
  expect(await droppedLines(url)).toBeGreaterThan(0);
  expect(await server.stop()).toEqual([0, null]);
  closeSync(reader);
});

test('once the log is read again, a line says how many were dropped, and all lines are complete', async () => {
  const { reader, writer } = openPipe();
  const server = new LoggingServer(writer);
  const url = await server.url();
  await work(url);
  const dropped = await droppedLines(url);
  let text = '';
  await expect.poll(() => (text += readAll(reader)), SOON).toMatch(REPORT);
  // The line for the metrics request may have been dropped as well.
  expect(Number(REPORT.exec(text)?.[1])).toBeGreaterThanOrEqual(dropped);
  expect(await server.stop()).toEqual([0, null]);
  text += readAll(reader);
  const lines = text.trimEnd().split('\n');
  expect(lines.length).toBeGreaterThan(10);
  for (const line of lines) expect(() => JSON.parse(line) as unknown, line).not.toThrow();
  expect(text).toContain('"msg":"Stopped"');
  closeSync(reader);
});

test('the server survives when the reader of its log exits', async () => {
  const server = new LoggingServer('pipe');
  const url = await server.url();
  server.loseReaders();
  await work(url);
  expect(await droppedLines(url)).toBeGreaterThan(0);
  expect(await server.stop()).toEqual([0, null]);
});

test('a log file has every line, including the last', async () => {
  const folder = testFolder();
  const path = join(folder, 'log');
  const server = new LoggingServer(openSync(path, 'a'), folder, { LOG_BUFFER_KB: '1024' });
  const url = await server.url();
  await work(url);
  expect(await droppedLines(url)).toBe(0);
  expect(await server.stop()).toEqual([0, null]);
  const text = readFileSync(path, 'utf8');
  expect(text.match(/"status":404/g)).toHaveLength(REQUESTS);
  expect(text.trimEnd().split('\n').at(-1)).toContain('"msg":"Stopped"');
});
