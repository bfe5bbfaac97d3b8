import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './paths.mjs';

const READY_WITHIN_MS = 60_000;

/** The environment of programs that use a server: the tokens of two users, and the admin key. */
export const ACCESS = {
  OCTOSTORE_TOKEN: 'token-of-alice-for-checks-1',
  OCTOSTORE_OTHER_TOKEN: 'token-of-bob-for-checks-001',
  OCTOSTORE_ADMIN_KEY: 'admin-key-for-checks-0001',
};

/** Starts the built server, runs `use` with the environment for its clients, and stops the server. */
export async function withServer(use) {
  const folder = mkdtempSync(join(tmpdir(), 'octostore-checks-'));
  const server = spawn(process.execPath, [join(root, 'dist', 'main.js')], {
    cwd: folder,
    env: { PATH: process.env.PATH, ...settings(folder) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => server.once('close', resolve));
  try {
    return await use({ ...ACCESS, OCTOSTORE_BASE_URL: await addressOf(server, ended) });
  } finally {
    server.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
}

function settings(folder) {
  return {
    BIND_ADDR: '127.0.0.1:0',
    DATABASE_URL: join(folder, 'octostore.db'),
    STATIC_TOKENS: `alice:${ACCESS.OCTOSTORE_TOKEN},bob:${ACCESS.OCTOSTORE_OTHER_TOKEN}`,
    ADMIN_KEY: ACCESS.OCTOSTORE_ADMIN_KEY,
    LOG_FORMAT: 'json',
  };
}

function addressOf(server, ended) {
  return new Promise((resolve, reject) => {
    let text = '';
    const timer = setTimeout(
      () => reject(new Error(`the server did not become ready in time\n${text}`)),
      READY_WITHIN_MS,
    );
    server.stdout.setEncoding('utf8').on('data', (part) => {
      if (text === null) return;
      text += part;
      const [, url] = /"url":"([^"]+)"/.exec(text) ?? [];
      if (url === undefined) return;
      clearTimeout(timer);
      text = null;
      resolve(url);
    });
    void ended.then(() => reject(new Error(`the server exited before it was ready\n${text}`)));
  });
}
