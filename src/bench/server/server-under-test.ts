import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Target } from '../load/load.js';
import { Scrape } from './metrics.js';
import { ServerProcess, type Settings } from './server-process.js';

/** The user of the load. */
export const BENCH_USER = 'bench';
const TOKEN = 'token-for-benchmarks';
const ADMIN_KEY = 'admin-key-for-benchmarks';

/** Generous, because a start with very many locks on a busy machine is slow, and may itself be what is measured. */
const READY_WITHIN_MS = 180_000;

/** The server that is loaded. */
export interface ServerUnderTest {
  readonly target: Target;
  /** Null without an admin key. */
  readonly scrape: (() => Promise<Scrape>) | null;
  /** Stops the server if the benchmark started it. */
  readonly stop: () => Promise<void>;
}

/** A server that the benchmark started. */
export interface OwnServer extends ServerUnderTest {
  readonly processId: number;
  readonly url: string;
  readonly adminKey: string;
}

/** A server that the benchmark did not start. */
export function remoteServer(url: URL, token: string, adminKey: string | null): ServerUnderTest {
  const text = url.href.replace(/\/+$/, '');
  return {
    target: targetOf(text, token),
    scrape: adminKey === null ? null : () => Scrape.of(text, adminKey),
    stop: () => Promise.resolve(),
  };
}

/** Settings that raise the limits for users, so that a load test does not reach them. */
export const BENCH_SETTINGS: Settings = {
  STATIC_TOKENS: `${BENCH_USER}:${TOKEN}`,
  ADMIN_KEY,
  MAX_LOCKS: '10000000',
  MAX_LOCKS_PER_USER: '10000000',
  MAX_SESSIONS: '10000000',
  MAX_SESSIONS_PER_USER: '1000000',
  MAX_WAITERS_PER_USER: '1000000',
};

/** Starts the built server on a free port of this machine, with a new database. */
export async function ownServer(settings: Settings = {}): Promise<OwnServer> {
  const folder = mkdtempSync(join(tmpdir(), 'octostore-bench-'));
  const server = new ServerProcess({ folder, settings: { ...BENCH_SETTINGS, ...settings } });
  const stop = async (): Promise<void> => {
    await server.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    return await readyServer(server, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function readyServer(server: ServerProcess, stop: () => Promise<void>): Promise<OwnServer> {
  const address = await server.ready(READY_WITHIN_MS);
  if (address === null) throw new Error(`the server did not start\n${server.output}`);
  const url = `http://${address.host}:${address.port}`;
  return {
    target: targetOf(url, TOKEN),
    processId: server.id,
    url,
    adminKey: ADMIN_KEY,
    scrape: () => Scrape.of(url, ADMIN_KEY),
    stop,
  };
}

/** The target for a URL such as `https://locks.example.com/octostore`. */
export function targetOf(url: string, token: string): Target {
  const { protocol, hostname, port, pathname } = new URL(url);
  const isSecure = protocol === 'https:';
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (isSecure ? 443 : 80) : Number(port),
    isSecure,
    basePath: pathname.replace(/\/+$/, ''),
    token,
  };
}
