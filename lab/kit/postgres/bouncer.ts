import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, chownSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { PostgresHost } from '../../../src/config/database-url.js';
import { nowMs, pause } from '../../../src/process/time.js';
import { serverAccount } from './account.js';
import { SUPERUSER, type Cluster } from './cluster.js';
import { freePort } from './free-port.js';

const PROGRAM = 'pgbouncer';
const HOST = '127.0.0.1';

/** Debian keeps it where only root looks. */
const DEBIAN = '/usr/sbin';

const LISTENS_WITHIN_MS = 20_000;
const POLL_MS = 20;

/** What docs/teams.md advises, so that the loss of a primary is noticed soon. */
const SOON = { server_connect_timeout: 2, server_login_retry: 1, query_wait_timeout: 2 } as const;

/** Fewer than there are clients, so that they share connections, and get another one for each transaction. */
const POOL_SIZE = 4;

/** PgBouncer in transaction mode before a cluster on this machine. */
export class Bouncer {
  readonly #child: ChildProcess;
  readonly #folder: string;

  private constructor(
    child: ChildProcess,
    folder: string,
    readonly port: number,
  ) {
    this.#child = child;
    this.#folder = folder;
    process.once('exit', this.#kill);
  }

  readonly #kill = (): void => void this.#child.kill('SIGKILL');

  /** Null if PgBouncer is not installed. */
  static async before(cluster: Cluster): Promise<Bouncer | null> {
    const program = findBouncer();
    if (program === null) return null;
    const port = await freePort();
    const folder = configure(cluster, port);
    const child = spawn(program, [join(folder, 'pgbouncer.ini')], { ...serverAccount(), stdio: 'ignore' });
    const bouncer = new Bouncer(child, folder, port);
    try {
      await bouncer.#listens();
      return bouncer;
    } catch (error) {
      await bouncer.remove();
      throw error;
    }
  }

  /** Where a journal connects to, instead of the cluster. */
  get host(): PostgresHost {
    return { host: HOST, port: this.port };
  }

  async remove(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const ended = once(this.#child, 'exit');
      this.#kill();
      await ended;
    }
    process.off('exit', this.#kill);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #listens(): Promise<void> {
    const untilMs = nowMs() + LISTENS_WITHIN_MS;
    while (!(await accepts(this.port))) {
      if (nowMs() > untilMs || this.#child.exitCode !== null) throw new Error('PgBouncer did not start');
      await pause(POLL_MS);
    }
  }
}

/** Null if it is not installed. */
export function findBouncer(): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), DEBIAN];
  return folders.map((folder) => join(folder, PROGRAM)).find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The new folder with its configuration, which only the account of PostgreSQL can change. */
function configure(cluster: Cluster, port: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'octostore-bouncer-'));
  const users = join(folder, 'users.txt');
  writeFileSync(users, `"${SUPERUSER}" ""\n`);
  const settings = {
    listen_addr: HOST,
    listen_port: port,
    unix_socket_dir: '',
    auth_type: 'trust',
    auth_file: users,
    pool_mode: 'transaction',
    default_pool_size: POOL_SIZE,
    ...SOON,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}\n`);
  const databases = `[databases]\n* = host=${HOST} port=${cluster.port}\n`;
  writeFileSync(join(folder, 'pgbouncer.ini'), `${databases}[pgbouncer]\n${lines.join('')}`);
  const account = serverAccount();
  if (account !== null) chownSync(folder, account.uid, account.gid);
  return folder;
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect({ host: HOST, port });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
