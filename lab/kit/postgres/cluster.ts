import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type { PostgresUrl } from '../../../src/config/database-url.js';
import { PostgresLocation } from '../../../src/installation/postgres-location.js';
import { serverAccount } from './account.js';
import { findPrograms } from './binaries.js';
import { copyData } from './copy-data.js';
import { freePort } from './free-port.js';
import { endProcesses, signalProcesses } from './processes.js';

/** Durability is not tested by pulling the plug, so nothing has to reach the disk. */
const SETTINGS = {
  fsync: 'off',
  full_page_writes: 'off',
  max_connections: '60',
  shared_buffers: '32MB',
  listen_addresses: "'127.0.0.1'",
  logging_collector: 'off',
  wal_retrieve_retry_interval: '100ms',
} as const;

/** Every commit reaches the disk, as in production. */
export const DURABLE: Settings = { fsync: 'on', full_page_writes: 'on', shared_buffers: '128MB' };

export const SUPERUSER = 'admin';

/** Settings of PostgreSQL, in the form of its configuration file. */
type Settings = Readonly<Record<string, string>>;

export interface Role {
  readonly user: string;
  readonly password?: string;
}

/** A running PostgreSQL cluster on this machine. */
export class Cluster {
  readonly #programs: string;
  readonly #settings: Settings;

  private constructor(
    programs: string,
    /** Contains the data, the log and the Unix socket. */
    readonly folder: string,
    readonly port: number,
    settings: Settings = {},
  ) {
    this.#programs = programs;
    this.#settings = settings;
  }

  /** Creates a cluster and starts it. Null if PostgreSQL is not installed. */
  static async create(settings: Settings = {}): Promise<Cluster | null> {
    const programs = findPrograms();
    if (programs === null) return null;
    const cluster = new Cluster(programs, newFolder(), await freePort(), settings);
    cluster.#initialize();
    cluster.start();
    return cluster;
  }

  /** Creates a standby of a running cluster, with the same settings, and starts it. */
  static async standbyOf(primary: Cluster): Promise<Cluster> {
    const standby = new Cluster(primary.#programs, newFolder(), await freePort(), primary.#settings);
    try {
      await standby.follow(primary);
    } catch (error) {
      standby.remove();
      throw error;
    }
    return standby;
  }

  /** The cluster that another process of this run has started. */
  static at(folder: string): Cluster {
    const [, , , port] = readFileSync(join(folder, 'data', 'postmaster.pid'), 'utf8').split('\n');
    return new Cluster(findPrograms() ?? '', folder, Number(port));
  }

  /** Waits until it accepts connections. */
  start(): void {
    this.#run('pg_ctl', ...this.#startOptions);
  }

  /** @param mode how PostgreSQL treats its clients: `fast` ends them, `immediate` is like a crash. */
  stop(mode: 'fast' | 'immediate' = 'fast'): void {
    this.#run('pg_ctl', '-D', this.data, '-w', '-t', '60', '-m', mode, 'stop');
  }

  /** Replaces its data by a copy of another cluster's, and starts as its standby. It must not be running. */
  async follow(primary: Cluster): Promise<void> {
    rmSync(this.data, { recursive: true, force: true });
    await this.#copy(primary);
    const source = `host=${primary.folder} port=${primary.port} user=${SUPERUSER}`;
    this.#configure({ primary_conninfo: `'${source}'` });
    this.#writeForServer('standby.signal', '');
    await this.restart();
  }

  async #copy(primary: Cluster): Promise<void> {
    if (existsSync(join(this.#programs, 'pg_basebackup'))) {
      const from = ['-h', primary.folder, '-p', String(primary.port), '-U', SUPERUSER];
      return this.#runMeanwhile('pg_basebackup', '-D', this.data, ...from, '--checkpoint=fast', '--no-sync');
    }
    const client = await primary.connect({ user: SUPERUSER }, 'postgres');
    try {
      this.#writeForServer('backup_label', await copyData(client, primary.data, this.data));
    } finally {
      await client.end();
    }
  }

  /** Like `start`, but this process can do other things meanwhile. */
  async restart(): Promise<void> {
    await this.#runMeanwhile('pg_ctl', ...this.#startOptions);
  }

  /** Makes a standby accept writes. Resolves when it does. */
  async promote(): Promise<void> {
    await this.#runMeanwhile('pg_ctl', ...this.#promotion);
  }

  /** What to type into a shell to make a standby accept writes. */
  get promotionCommand(): string {
    return this.#commandOf(this.#promotion);
  }

  /** What to type into a shell to end it as a loss of its machine does. */
  get lossCommand(): string {
    return this.#commandOf(['-D', this.data, '-m', 'immediate', 'stop']);
  }

  /** `pg_ctl` must run as the account that the cluster runs as. */
  #commandOf(options: readonly string[]): string {
    const account = serverAccount();
    const as =
      account === null ? [] : [`setpriv --reuid=${account.uid} --regid=${account.gid} --clear-groups`];
    return [...as, join(this.#programs, 'pg_ctl'), ...options].join(' ');
  }

  /** Whether it runs, and is not a standby. */
  async takesWrites(): Promise<boolean> {
    try {
      const [row] = await this.query<{ is: boolean }>('select not pg_is_in_recovery() as is');
      return row?.is === true;
    } catch {
      return false;
    }
  }

  get #startOptions(): readonly string[] {
    return ['-D', this.data, '-w', '-t', '60', '-l', join(this.folder, 'log'), 'start'];
  }

  get #promotion(): readonly string[] {
    return ['-D', this.data, '-w', '-t', '60', 'promote'];
  }

  /** Whether a standby receives its commits, and it waits for that. */
  async hasSynchronousStandby(): Promise<boolean> {
    const standbys = await this.query("select 1 from pg_stat_replication where sync_state = 'sync'");
    return standbys.length > 0;
  }

  /** Ends the waits of commits for the standby. They then succeed, with a warning. */
  async cancelWaitsForStandby(): Promise<void> {
    await this.query("select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep'");
  }

  /** Kills all its processes at once, as a loss of its machine does. Returns when they have ended. */
  kill(): void {
    endProcesses(this.data);
  }

  /** Stops all its processes, or lets them continue. They keep their connections. */
  freeze(): void {
    signalProcesses(this.data, 'SIGSTOP');
  }

  thaw(): void {
    signalProcesses(this.data, 'SIGCONT');
  }

  /** Lets the superuser in without a password, and everyone else with one. */
  async askForPasswords(): Promise<void> {
    const rules = [`local all ${SUPERUSER} trust`, `host all ${SUPERUSER} 127.0.0.1/32 trust`];
    const others = ['local all all scram-sha-256', 'host all all 127.0.0.1/32 scram-sha-256'];
    writeFileSync(join(this.data, 'pg_hba.conf'), `${[...rules, ...others].join('\n')}\n`);
    await this.query('select pg_reload_conf()');
  }

  /** Encrypts connections with this certificate from now on. */
  async useCertificate({ key, cert }: { readonly key: Buffer; readonly cert: Buffer }): Promise<void> {
    this.#writeForServer('server.key', key);
    this.#writeForServer('server.crt', cert);
    await this.set('ssl', 'on');
  }

  #writeForServer(name: string, contents: Buffer | string): void {
    const path = join(this.data, name);
    writeFileSync(path, contents, { mode: 0o600 });
    const account = serverAccount();
    if (account !== null) chownSync(path, account.uid, account.gid);
  }

  /** Changes a setting, and applies it. */
  async set(name: string, value: string): Promise<void> {
    await this.query(`alter system set ${name} = '${value}'`);
    await this.query('select pg_reload_conf()');
  }

  remove(): void {
    spawnSync(join(this.#programs, 'pg_ctl'), ['-D', this.data, '-m', 'immediate', 'stop'], {
      ...serverAccount(),
      stdio: 'ignore',
    });
    rmSync(this.folder, { recursive: true, force: true });
  }

  get data(): string {
    return join(this.folder, 'data');
  }

  /** Runs a statement as the superuser. */
  query<Row extends object>(text: string, database = 'postgres'): Promise<Row[]> {
    return this.queryAs({ user: SUPERUSER }, text, database);
  }

  async queryAs<Row extends object>(role: Role, text: string, database: string): Promise<Row[]> {
    const client = await this.connect(role, database);
    try {
      return (await client.query<Row>(text)).rows;
    } finally {
      await client.end();
    }
  }

  /** A connection that the caller ends. */
  async connect(role: Role, database: string): Promise<Client> {
    const client = new Client({ host: this.folder, port: this.port, ...role, database, ssl: false });
    // The statement that is running fails, too.
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }

  url(database: string, more: Partial<PostgresUrl> = {}): PostgresUrl {
    return {
      engine: 'postgres',
      hosts: [{ host: '127.0.0.1', port: this.port }],
      database,
      user: SUPERUSER,
      password: null,
      tls: { mode: 'disable' },
      ...more,
    };
  }

  /** The value of `DATABASE_URL` with which a server finds a database. */
  databaseUrl(database: string): string {
    return `postgres://${SUPERUSER}@127.0.0.1:${this.port}/${database}`;
  }

  location(database: string, more: Partial<PostgresUrl> = {}): PostgresLocation {
    const url = this.url(database, more);
    return new PostgresLocation(url, () => Promise.resolve(url.password));
  }

  #initialize(): void {
    const locale = ['--encoding=UTF8', '--locale=C.UTF-8'];
    this.#run('initdb', '-D', this.data, '-U', SUPERUSER, '--auth=trust', '--no-sync', ...locale);
    this.#configure();
  }

  #configure(more: Settings = {}): void {
    const own = { port: String(this.port), unix_socket_directories: `'${this.folder}'` };
    const lines = Object.entries({ ...SETTINGS, ...own, ...this.#settings, ...more }).map(
      ([name, value]) => `${name} = ${value}\n`,
    );
    this.#writeForServer('postgresql.auto.conf', lines.join(''));
  }

  /** Throws if the program fails. */
  async #runMeanwhile(program: string, ...args: readonly string[]): Promise<void> {
    const child = spawn(join(this.#programs, program), args, {
      ...serverAccount(),
      cwd: this.folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const [status] = (await once(child, 'exit')) as [number | null];
    if (status !== 0) throw new Error(`${program} failed: ${stderr}`);
  }

  #run(program: string, ...args: readonly string[]): void {
    const options = { ...serverAccount(), cwd: this.folder, encoding: 'utf8' } as const;
    const { status, stderr } = spawnSync(join(this.#programs, program), args, {
      ...options,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    if (status !== 0) throw new Error(`${program} failed: ${stderr}`);
  }
}

/** A folder that only the account of PostgreSQL can write to. */
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'octostore-pg-'));
  const account = serverAccount();
  if (account !== null) chownSync(folder, account.uid, account.gid);
  chmodSync(folder, 0o755);
  return folder;
}
