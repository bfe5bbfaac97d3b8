import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const main = join(dirname(fileURLToPath(import.meta.url)), '..', 'dist', 'main.js');
const token = 'token-for-benchmarks';

/** Starts the built server on a free loopback port and a new database. Resolves once it is ready. */
export async function startOwnServer(environment = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'octostore-bench-'));
  const child = spawn(process.execPath, [main], {
    cwd: folder,
    env: {
      ...process.env,
      BIND_ADDR: '127.0.0.1:0',
      DATABASE_URL: join(folder, 'octostore.db'),
      STATIC_TOKENS: `bench:${token}`,
      MAX_LOCKS_PER_USER: '10000000',
      LOG_LEVEL: 'info',
      LOG_FORMAT: 'json',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await readyUrl(child);
  return {
    url,
    token,
    async stop() {
      child.kill('SIGTERM');
      await once(child, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function readyUrl(child) {
  for await (const line of createInterface({ input: child.stdout })) {
    const url = line.startsWith('{') ? JSON.parse(line).url : undefined;
    if (url !== undefined) return url;
  }
  throw new Error('the server ended before it was ready');
}
