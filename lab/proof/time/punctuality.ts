import { randomUUID } from 'node:crypto';
import { get } from 'node:http';
import { nowMs } from '../../../src/process/time.js';
import { Connection, type Address } from '../../kit/http/connection.js';
import { ClaimBroken, type Figures } from '../proof.js';
import { TOKEN, type BuiltServer } from '../../kit/server/built-server.js';
import { Durations } from '../server/durations.js';
import { MachineNoise } from '../server/machine-noise.js';
import { Slowdown } from '../server/slowdown.js';

const CONNECTIONS = 16;
const BUSY_CONNECTIONS = 4;
const PREFIX = 'punctual/';
const ALL_WITHIN_MS = 120_000;

export const LATE_MS_PROMISED = 250;

export interface PunctualityPlan {
  readonly leases: number;
  /** TTLs are from 1 to this many seconds. */
  readonly ttlMax: number;
  /** The limit of the p99 lateness in milliseconds, on an otherwise idle machine. */
  readonly lateMs: number;
}

/**
 * Lets leases expire on a busy server. Measures how long after `expires_at` a watch stream reports each, on this machine's wall
 * clock.
 */
export async function measurePunctuality(
  { address, processId }: BuiltServer,
  plan: PunctualityPlan,
): Promise<Figures> {
  const noise = new MachineNoise();
  const slowdown = new Slowdown(processId);
  const busy = new AbortController();
  const load = Promise.all(
    Array.from({ length: BUSY_CONNECTIONS }, () => acquireAndRelease(address, busy.signal)),
  );
  try {
    const late = await latenessOfAll(address, plan);
    const machine = { noise: noise.take(), slowdown: slowdown.take() };
    busy.abort();
    const requests = (await load).reduce((sum, count) => sum + count, 0);
    check(late, machine, plan);
    return {
      'leases that expired under load': plan.leases,
      'requests meanwhile': requests,
      [`lateness of expiry (p99 limit ${LATE_MS_PROMISED} ms)`]: String(late),
      'delay from the machine': String(machine.noise),
      'slowdown because other processes used the processors': `${machine.slowdown.toFixed(1)} times`,
    };
  } finally {
    busy.abort();
    await noise.stop();
  }
}

async function latenessOfAll(address: Address, { leases, ttlMax }: PunctualityPlan): Promise<Durations> {
  const late = new Durations();
  const expiries = new Map<string, number>();
  const done = watchExpiries(address, (lock, arrivedMs) => {
    const expiresMs = expiries.get(lock);
    if (expiresMs === undefined) return false;
    late.add(arrivedMs - expiresMs);
    return late.count === leases;
  });
  const names = Array.from({ length: leases }, (_, index) => `${PREFIX}${index}`).values();
  await Promise.all(Array.from({ length: CONNECTIONS }, () => acquireAll(address, names, ttlMax, expiries)));
  await done;
  return late;
}

function check(
  late: Durations,
  { noise, slowdown }: { noise: Durations; slowdown: number },
  { lateMs }: PunctualityPlan,
): void {
  if (late.min < 0) throw new ClaimBroken(`a lease expired ${-late.min} ms before its expires_at`);
  if (late.quantile(0.99) > lateMs * slowdown + noise.quantile(0.99))
    throw new ClaimBroken(
      `expiry is late: ${String(late)}; the p99 limit is ${lateMs} ms; delay from the machine: ${String(noise)}; ` +
        `other processes slowed the server down by a factor of ${slowdown.toFixed(1)}`,
    );
}

async function acquireAll(
  address: Address,
  names: Iterator<string> & Iterable<string>,
  ttlMax: number,
  expiries: Map<string, number>,
): Promise<void> {
  const connection = new Connection(() => address, TOKEN);
  for (const name of names) {
    const ttl_seconds = 1 + (expiries.size % ttlMax);
    const { body } = await connection.post(`/locks/${encodeURIComponent(name)}/acquire`, { ttl_seconds });
    expiries.set(name, Date.parse(String(body['expires_at'])));
  }
  connection.cut();
}

async function acquireAndRelease(address: Address, stop: AbortSignal): Promise<number> {
  const connection = new Connection(() => address, TOKEN);
  const path = `/locks/${randomUUID()}`;
  const lease_id = randomUUID();
  let requests = 0;
  for (; !stop.aborted; requests += 2) {
    await connection.post(`${path}/acquire`, { lease_id, ttl_seconds: 60 });
    await connection.post(`${path}/release`, { lease_id });
  }
  connection.cut();
  return requests;
}

/** Calls `isLast` for each expiry with the lock and the wall-clock time of its arrival. Resolves once it returns true. */
function watchExpiries(
  { host, port }: Address,
  isLast: (lock: string, arrivedMs: number) => boolean,
): Promise<void> {
  const startedMs = nowMs();
  return new Promise((resolve, reject) => {
    const options = {
      host,
      port,
      path: `/watch?prefix=${PREFIX}`,
      headers: { authorization: `Bearer ${TOKEN}` },
    };
    const request = get(options, (response) => {
      let rest = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        const arrivedMs = Date.now();
        const frames = (rest + text).split('\n\n');
        rest = frames.pop() ?? '';
        for (const frame of frames) {
          const lock = expiredLock(frame);
          if (lock === null || !isLast(lock, arrivedMs)) continue;
          clearTimeout(timer);
          request.destroy();
          resolve();
        }
      });
      response.on('close', () => reject(new Error('the watch stream ended')));
    });
    request.on('error', reject);
    const timer = setTimeout(() => {
      request.destroy();
      reject(new ClaimBroken(`some expiries were not reported after ${nowMs() - startedMs} ms`));
    }, ALL_WITHIN_MS);
  });
}

function expiredLock(frame: string): string | null {
  if (!/^event: ?expired$/m.test(frame)) return null;
  const data = /^data: ?(.*)$/m.exec(frame)?.[1] ?? '{}';
  return (JSON.parse(data) as { lock?: string }).lock ?? null;
}
