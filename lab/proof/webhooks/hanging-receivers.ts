import { Client } from '../../kit/http/client.js';
import { nowMs, pause } from '../../../src/process/time.js';
import type { Random } from '../../kit/random.js';
import { BuiltServer } from '../../kit/server/built-server.js';
import { HANGS } from './misbehaviour.js';
import { Receivers } from './receivers.js';
import { subscribe, tokenOf, WEBHOOKS_PER_USER } from './registration.js';

const GOOD = 3;

/** Enough rounds that more calls hang than the server makes concurrently. */
const ROUNDS = 8;

const LEASES = 10;
const EVENTS_PER_LEASE = 2;

export interface HangingFindings {
  readonly violations: readonly string[];
  readonly hanging: number;
  /** Messages that good receivers got while the others hung. */
  readonly delivered: number;
  /** The server's connections to bad receivers, when each of them hung. */
  readonly sockets: number;
}

/**
 * Runs bad receivers that never end a call, and good ones. In a server without timeouts, anything that waits for a bad receiver
 * waits forever, so the speed of the machine does not matter.
 *
 * @param main the entry point of a server without timeouts.
 */
export async function hangingReceivers(
  main: string,
  random: Random,
  patienceMs: number,
): Promise<HangingFindings> {
  const receivers = await Receivers.open();
  const users = Math.ceil((HANGS.length * ROUNDS + GOOD) / WEBHOOKS_PER_USER);
  const settings = {
    STATIC_TOKENS: Array.from({ length: users }, (_, user) => `u${user}:${tokenOf(user)}`).join(','),
    WEBHOOK_ALLOW_PRIVATE_NETWORKS: '127.0.0.0/8,::1',
    WEBHOOK_CA_FILE: receivers.caFile,
  };
  const server = new BuiltServer(settings, { main });
  try {
    await server.start();
    await createWebhooks(server, receivers, random);
    return await observe(server, receivers, patienceMs);
  } finally {
    await server.remove();
    await receivers.close();
  }
}

async function createWebhooks(server: BuiltServer, receivers: Receivers, random: Random): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const hang of HANGS) await receivers.addBad(hang, Infinity, random.split());
  }
  for (let count = 0; count < GOOD; count += 1) await receivers.addGood();
  for (const [number, { url }] of receivers.all.entries()) {
    await subscribe(server.url, number, url, { covers: () => true }, null);
  }
}

async function observe(
  server: BuiltServer,
  { bad, good }: Receivers,
  patienceMs: number,
): Promise<HangingFindings> {
  const violations: string[] = [];
  const endMs = nowMs() + patienceMs;
  const until = async (problem: string, condition: () => boolean): Promise<void> => {
    while (!condition() && nowMs() < endMs) await pause(5);
    if (!condition()) violations.push(`${problem}, after ${patienceMs} ms`);
  };
  await useLocks(server, 1);
  await until('some bad receivers have not been called', () => bad.every(({ misbehaved }) => misbehaved > 0));
  const sockets = sum(bad.map(({ open }) => open));
  await useLocks(server, LEASES);
  const due = (LEASES + 1) * EVENTS_PER_LEASE;
  await until('good receivers still wait because of bad ones', () =>
    good.every(({ inbox }) => inbox.count >= due),
  );
  if (sockets > bad.length) violations.push(`${sockets} connections to ${bad.length} bad receivers`);
  return {
    violations,
    hanging: bad.length,
    delivered: sum(good.map(({ inbox }) => inbox.count)),
    sockets,
  };
}

async function useLocks(server: BuiltServer, leases: number): Promise<void> {
  const client = new Client(server.url, tokenOf(0));
  for (let count = 0; count < leases; count += 1) {
    const { body } = await client.post('/locks/shared/acquire', { ttl_seconds: 60 });
    await client.post('/locks/shared/release', { lease_id: body['lease_id'] });
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
