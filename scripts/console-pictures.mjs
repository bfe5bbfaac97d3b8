// Takes the pictures of the console in docs/pictures: npm run console:pictures. Takes three minutes, because the charts need time.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const pictures = join(root, 'docs', 'pictures');
const CHARTED_MS = 150_000;

const TOKENS = Object.fromEntries(
  ['ada', 'grace', 'ci', 'billing'].map((user) => [user, `${user}-${randomUUID()}`]),
);
const folder = mkdtempSync(join(tmpdir(), 'octostore-pictures-'));
const { server, url } = await startServer();
try {
  await prepare();
  const load = new AbortController();
  const working = Promise.all(Array.from({ length: 4 }, (_, index) => work(index, load.signal)));
  await pause(CHARTED_MS);
  await takePictures();
  load.abort();
  await working;
} finally {
  server.kill();
  rmSync(folder, { recursive: true });
}

/** The built server, on a free port. */
async function startServer() {
  const child = spawn(process.execPath, [join(root, 'dist', 'main.js')], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      BIND_ADDR: '127.0.0.1:0',
      DATABASE_URL: join(folder, 'octostore.db'),
      STATIC_TOKENS: Object.entries(TOKENS)
        .map(([user, token]) => `${user}:${token}`)
        .join(','),
      ADMIN_USERS: 'static:ada',
      LOG_FORMAT: 'json',
    },
  });
  let output = '';
  for await (const chunk of child.stdout) {
    output += chunk;
    const address = /"url":"([^"]+)"/.exec(output)?.[1];
    if (address !== undefined) return { server: child, url: address };
  }
  throw new Error('the server did not start');
}

async function post(user, path, body) {
  const reply = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${TOKENS[user]}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  return await reply.json();
}

function acquire(user, name, fields) {
  return post(user, `/locks/${encodeURIComponent(name)}/acquire`, { ttl_seconds: 1800, ...fields });
}

/** A morning of a small company. */
async function prepare() {
  const first = await acquire('ci', 'deploy/prod', { metadata: 'pipeline 4117' });
  await pause(6000);
  await post('ci', '/locks/deploy%2Fprod/release', { lease_id: first.lease_id });
  await acquire('grace', 'deploy/prod', { ttl_seconds: 4, metadata: 'laptop of grace' });
  await pause(7000);
  await acquire('ci', 'deploy/prod', { metadata: 'pipeline 4118' });
  await pause(9000);
  await post('ada', '/locks/deploy%2Fprod/break', { reason: 'pipeline 4118 hangs' });
  const present = await acquire('ci', 'deploy/prod', { metadata: 'pipeline 4119' });
  const others = [
    ['ci', 'deploy/staging', 'pipeline 4120'],
    ['ci', 'deploy/eu/canary', 'pipeline 4121'],
    ['grace', 'deploy/eu/prod', 'hotfix checkout'],
    ['billing', 'billing/invoices/nightly', 'worker-7.internal'],
    ['billing', 'billing/leader', 'billing-0'],
    ['grace', 'search/index/rebuild', 'by hand'],
    ['ci', 'terraform/state/network', 'run 88'],
    ['ci', 'terraform/state/dns', 'run 89'],
    ['billing', 'leader', 'scheduler-2'],
    ['ada', 'migrations', 'schema 114'],
  ];
  for (const [user, name, metadata] of others) await acquire(user, name, { metadata });
  for (const user of ['ci', 'grace', 'billing']) await acquire(user, 'gpu/pool', { limit: 4 });
  const renewal = { lease_id: present.lease_id, ttl_seconds: 1800 };
  await post('ci', '/locks/deploy%2Fprod/renew', renewal);
  await post('grace', '/locks/deploy%2Fprod/request-release', {
    message: 'The hotfix for checkout is waiting.',
  });
  for (const user of ['grace', 'billing']) void wait(user);
}

/** Asks for a lock for as long as the server runs. */
async function wait(user) {
  const body = { ttl_seconds: 60, wait_seconds: 60, lease_id: randomUUID() };
  while (server.exitCode === null && !server.killed) {
    await post(user, '/locks/deploy%2Fprod/acquire', body).catch(() => null);
  }
}

/** Something for the charts to show. */
async function work(index, signal) {
  for (let turn = 0; !signal.aborted; turn += 1) {
    const name = `jobs/${index}/${turn % 5}`;
    const { lease_id } = await acquire('billing', name, { ttl_seconds: 30 });
    await pause(40 + 30 * Math.sin(turn / 90));
    await post('billing', `/locks/${encodeURIComponent(name)}/release`, { lease_id });
  }
}

async function takePictures() {
  mkdirSync(pictures, { recursive: true });
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  await take(browser, 'locks', 'light', '/locks', async (page) => {
    for (const name of ['billing/', 'deploy/', 'eu/'])
      await page.getByText(name, { exact: true }).first().click();
    await page.getByText('canary').waitFor();
  });
  await take(browser, 'lock', 'light', '/locks/deploy/prod', (page) =>
    page.getByText('The hotfix').waitFor(),
  );
  await take(browser, 'health', 'dark', '/health', (page) => page.locator('canvas').last().waitFor());
  await browser.close();
}

async function take(browser, name, colorScheme, path, prepared) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 860 }, colorScheme });
  const page = await context.newPage();
  await page.goto(`${url}/console${path}`);
  await page.getByLabel('Token').fill(TOKENS.ada);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await prepared(page);
  await page.mouse.move(0, 0);
  await pause(1000);
  await page.screenshot({ path: join(pictures, `console-${name}.png`) });
  await context.close();
}
