import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { httpRequest } from '../../../src/bench/load/http-request.js';
import { LeanConnection } from '../../../src/bench/load/lean-connection.js';
import type { Target } from '../../../src/bench/load/load.js';
import { formatCount, formatMs } from '../../../src/bench/report/table.js';
import { runWorkload } from '../../../src/bench/run.js';
import { ownServer, type ServerUnderTest } from '../../../src/bench/server/server-under-test.js';
import { LockRequests } from '../../../src/bench/workloads/lock-requests.js';
import type { Measurement, ScaleBenchmark } from './measurement.js';

const CROWD = 10_000;
const LOCKS = 100;
const OPENED_AT_ONCE = 100;
/** File descriptors that the server needs besides those for connections. */
const SPARE_DESCRIPTORS = 300;
const RESIDENT_MIB_MAX = 500;

/** Very many clients that only wait and watch. */
export const crowd: ScaleBenchmark = {
  name: 'crowd',
  about: `${formatCount(CROWD)} waiters and as many watchers, on ${LOCKS} locks`,
  async run(reportProgress) {
    const each = Math.min(CROWD, Math.floor((descriptorLimit() - SPARE_DESCRIPTORS) / 2));
    if (each < CROWD)
      reportProgress(`the limit of open files allows ${formatCount(each)} of each (ulimit -n)`);
    const server = await ownServer();
    const sockets: Socket[] = [];
    try {
      const before = await residentMib(server);
      await holdLocks(server.target);
      const waiters = await openAll(each, (index) => openWaiter(server.target, index));
      const withWaiters = await residentMib(server);
      reportProgress(`${each} waiters: ${formatCount(withWaiters)} MiB`);
      sockets.push(...(await openAll(each, (index) => openWatcher(server.target, index))));
      const withBoth = await residentMib(server);
      const finding = await measureBesides(server, each, { before, withWaiters, withBoth });
      for (const waiter of waiters) waiter.close();
      return finding;
    } finally {
      for (const socket of sockets) socket.destroy();
      await server.stop();
    }
  },
};

async function measureBesides(
  server: ServerUnderTest,
  each: number,
  mib: { before: number; withWaiters: number; withBoth: number },
): Promise<Measurement[]> {
  const others = await runWorkload(server, {
    workload: 'acquire-release',
    connections: 16,
    warmupSeconds: 1,
    seconds: 3,
    rate: null,
  });
  const perWaiter = ((mib.withWaiters - mib.before) * 1024) / each;
  const perWatcher = ((mib.withBoth - mib.withWaiters) * 1024) / each;
  return [
    {
      name: `memory of the process with ${formatCount(each)} waiters and as many watchers`,
      figure: `${formatCount(mib.withBoth)} MiB; ${perWaiter.toFixed(1)} KiB per waiter, ${perWatcher.toFixed(1)} KiB per watcher`,
      target: `below ${RESIDENT_MIB_MAX} MiB`,
      isMet: mib.withBoth < RESIDENT_MIB_MAX,
    },
    {
      name: 'acquire and release by 16 other clients meanwhile',
      figure: `${formatCount(others.all.perSecond)}/s, p50 ${formatMs(others.all.p50)} ms, p99 ${formatMs(others.all.p99)} ms`,
    },
  ];
}

async function holdLocks(target: Target): Promise<void> {
  const connection = await LeanConnection.open(target);
  for (let index = 0; index < LOCKS; index += 1)
    await connection.send(new LockRequests(target, lockName(index), { ttlSeconds: 600 }).acquire.bytes);
  connection.close();
}

async function openWaiter(target: Target, index: number): Promise<LeanConnection> {
  const connection = await LeanConnection.open(target);
  const { acquire } = new LockRequests(target, lockName(index), { waitSeconds: 60 });
  connection.send(acquire.bytes).catch(() => undefined); // How the wait ends does not matter.
  return connection;
}

/** Resolves when the stream has begun. */
async function openWatcher(target: Target, index: number): Promise<Socket> {
  const socket = connect(target);
  socket.on('error', () => undefined);
  const path = `/locks/${encodeURIComponent(lockName(index))}/watch`;
  socket.write(httpRequest({ method: 'GET', path, token: target.token }));
  const [head] = (await once(socket, 'data')) as [Buffer];
  if (!head.toString('latin1').startsWith('HTTP/1.1 200'))
    throw new Error(`the watch did not start: ${head.toString('latin1')}`);
  return socket;
}

async function openAll<T>(count: number, open: (index: number) => Promise<T>): Promise<T[]> {
  const opened: T[] = [];
  while (opened.length < count) {
    const size = Math.min(OPENED_AT_ONCE, count - opened.length);
    const from = opened.length;
    opened.push(...(await Promise.all(Array.from({ length: size }, (_, index) => open(from + index)))));
  }
  return opened;
}

async function residentMib(server: ServerUnderTest): Promise<number> {
  return ((await server.scrape?.())?.value('process_resident_memory_bytes') ?? 0) / 2 ** 20;
}

function lockName(index: number): string {
  return `crowd/${index % LOCKS}`;
}

/** The limit of open files per process on this machine. */
function descriptorLimit(): number {
  return Number(/^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? Infinity);
}
