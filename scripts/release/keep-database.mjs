// Keeps the database that this version leaves behind, for the test that every later version opens it: `node
// scripts/release/keep-database.mjs` for SQLite, with the URL of an empty PostgreSQL database for that. Run it once per release.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { manifest, root } from './paths.mjs';

const [postgres] = process.argv.slice(2);
const engine = postgres === undefined ? 'sqlite' : 'postgres';
const target = join(root, 'test', 'release', 'databases', `${manifest.version}-${engine}`);
const folder = mkdtempSync(join(tmpdir(), 'octostore-keep-'));
const settings = {
  PATH: process.env.PATH,
  BIND_ADDR: '127.0.0.1:0',
  LOG_FORMAT: 'json',
  SECRET_KEY: 'the-secret-key-of-kept-databases-0001',
  DATABASE_URL: postgres ?? join(folder, 'octostore.db'),
};

mkdirSync(target, { recursive: true });
const server = spawn(process.execPath, ['dist/main.js'], { cwd: root, env: settings });
const url = await announcedUrl(server);
const facts = await fill(url);
server.kill('SIGTERM');
await once(server, 'close');
writeFileSync(join(target, 'facts.json'), `${JSON.stringify(facts, null, 2)}\n`);
writeFileSync(join(target, 'database.gz'), gzipSync(contents(), { level: 9 }));
rmSync(folder, { recursive: true });

function contents() {
  if (postgres === undefined) return readFileSync(settings.DATABASE_URL);
  return spawnSync('pg_dump', ['--inserts', '--no-owner', '--no-privileges', postgres]).stdout;
}

async function announcedUrl({ stdout }) {
  let output = '';
  for await (const text of stdout.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    output += text;
    const found = /"url":"([^"]+)"/.exec(output)?.[1];
    if (found !== undefined) return stdout.resume() && found;
  }
  throw new Error(output);
}

/** One of each thing that must survive. Returns what the test needs to find them again. */
async function fill(url) {
  const created = spawnSync(process.execPath, ['dist/main.js', 'token', 'create', 'ada'], {
    cwd: root,
    env: settings,
  });
  const token = created.stdout.toString('utf8').trim();
  const call = async (path, body) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const response = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
    return response.json();
  };
  // Before the lock, so that its event has a delivery.
  const webhook = await call('/webhooks', { url: 'https://receiver.example/hook', events: ['acquired'] });
  const session = await call('/sessions', { ttl_seconds: 300 });
  const lease = await call('/locks/kept/acquire', { ttl_seconds: 3600, metadata: 'kept' });
  const fence = await call('/fences/kept/advance', { fencing_token: lease.fencing_token });
  return {
    secretKey: settings.SECRET_KEY,
    token,
    leaseId: lease.lease_id,
    fencingToken: lease.fencing_token,
    highest: fence.highest,
    sessionId: session.session_id,
    webhookId: webhook.id ?? webhook.webhook_id,
  };
}
