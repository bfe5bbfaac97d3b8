import { strictEqual as equal } from 'node:assert';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** The user of the image. */
const USER = 10_001;
const DATA = '/var/lib/octostore';

/** As a container runtime does: the files of the image are read-only, but for the volume and /tmp, and no one is root. */
const AS_CONTAINER = `
set -eu
mount --bind "$1" "$1"
mount --bind "$2" "$1${DATA}"
mount --types tmpfs tmpfs "$1/tmp"
mount --types proc proc "$1/proc"
mount --options remount,ro,bind "$1"
shift 2
exec chroot --userspec=${USER}:${USER} "$ROOT" /usr/bin/env --chdir=${DATA} "$@"
`;

/** Runs a server in the files of an image, and uses it as its users and its health check do. */
export async function withServerIn(files) {
  const data = mkdtempSync(join(tmpdir(), 'octostore-volume-'));
  chownSync(data, USER, USER);
  const server = spawn('unshare', inside(files, data, ['octostore', 'serve']), optionsIn(files));
  const ended = once(server, 'close');
  try {
    const url = await urlOf(server);
    equal(commandIn(files, data, ['octostore', 'health'], { OCTOSTORE_BASE_URL: url }).status, 0);
    const token = commandIn(files, data, ['octostore', 'token', 'create', 'ci']).stdout.trim();
    const acquired = await fetch(`${url}/locks/in-a-container/acquire`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify({ ttl_seconds: 60 }),
    });
    equal(acquired.status, 200, await acquired.text());
    equal(commandIn(files, data, ['touch', '/opt/octostore/new']).status, 1);
    equal(
      commandIn(files, data, ['octostore', 'health'], { OCTOSTORE_BASE_URL: 'http://127.0.0.1:1' }).status,
      69,
    );
  } finally {
    server.kill('SIGTERM');
    const [code] = await ended;
    rmSync(data, { recursive: true });
    equal(code, 0);
  }
}

function inside(files, data, command) {
  return ['--mount', '--propagation', 'private', 'sh', '-c', AS_CONTAINER, 'sh', files, data, ...command];
}

/** The settings of the image, at a free port of loopback. */
function optionsIn(files, more = {}) {
  const env = {
    ROOT: files,
    PATH: process.env.PATH,
    NODE_ENV: 'production',
    BIND_ADDR: '127.0.0.1:0',
    DATABASE_URL: `${DATA}/octostore.db`,
    LOG_FORMAT: 'json',
    ...more,
  };
  return { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] };
}

function commandIn(files, data, command, more) {
  return spawnSync('unshare', inside(files, data, command), optionsIn(files, more));
}

async function urlOf(server) {
  for await (const line of createInterface({ input: server.stdout })) {
    const [, url] = /"url":"([^"]+)"/.exec(line) ?? [];
    if (url !== undefined) return url;
  }
  throw new Error('the server ended before it was ready');
}
