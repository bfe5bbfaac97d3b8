import { BENCH_USER, ownServer } from '../../../src/bench/server/server-under-test.js';
import { alone, type RunningPeer } from './peer.js';

const GRANTS = 1_000;

/** The built server with a policy that every request is checked against. The last grant is the one that allows the load. */
export async function startWithPolicy(): Promise<RunningPeer> {
  const server = await ownServer();
  try {
    await apply(server.url, server.adminKey);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return alone(server, server.stop);
}

async function apply(url: string, adminKey: string): Promise<void> {
  const response = await fetch(`${url}/admin/policy`, {
    method: 'PUT',
    headers: { 'x-admin-key': adminKey, 'if-match': '"0"' },
    body: JSON.stringify({ text: JSON.stringify({ grants: grants() }) }),
  });
  if (!response.ok) throw new Error(`the policy was refused: ${await response.text()}`);
}

/** A quarter has prefixes, a quarter wildcards inside of names, and half are for other users. */
function grants(): unknown[] {
  const others = Array.from({ length: GRANTS - 1 }, (_, index) => ({
    to: [index % 4 < 2 ? 'everyone' : `static:user-${index}`],
    may: ['acquire'],
    on: [patternOf(index)],
  }));
  return [...others, { to: [`static:${BENCH_USER}`], may: ['acquire'], on: ['bench/*'] }];
}

function patternOf(index: number): string {
  return index % 2 === 0 ? `team-${index}/*` : `b*/service-${index}/?`;
}
