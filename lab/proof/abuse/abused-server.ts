import { existsSync } from 'node:fs';
import { nowMs, pause } from '../../../src/process/time.js';
import { BuiltServer } from '../../kit/server/built-server.js';
import type { Settings } from '../../../src/bench/server/server-process.js';
import { Scrape } from '../../../src/bench/server/metrics.js';
import { Connection } from '../../kit/http/connection.js';
import type { Stage } from './attack.js';
import { Descriptors } from './descriptors.js';

const ADMIN_KEY = 'admin-key-for-abuse';

/** Those who use the server under attack, by their tokens. */
export const TOKENS = {
  honest: 'token-of-the-honest-user',
  greedy: 'token-of-the-greedy-user',
  holder: 'token-of-the-lock-holder',
} as const;

export type User = keyof typeof TOKENS;

/** Many more, for what takes many users. */
export const CROWD_TOKENS: readonly string[] = Array.from(
  { length: 32 },
  (_, at) => `token-of-user-${at}-of-many`,
);

const SETTINGS: Settings = {
  STATIC_TOKENS: [
    ...Object.entries(TOKENS).map(([user, token]) => `${user}:${token}`),
    ...CROWD_TOKENS.map((token, at) => `crowd-${at}:${token}`),
  ].join(','),
  ADMIN_KEY,
};

/** Milliseconds that whatever is promised within seconds may take on a machine that is busy with other things. */
export const SOON_MS = 20_000;
const LOOK_EVERY_MS = 25;
const DYING_MS = 1000;

/** A server under attack, and what can be seen of it from outside. */
export class AbusedServer {
  constructor(
    readonly server: BuiltServer,
    readonly descriptors: Descriptors,
  ) {}

  get isAlive(): boolean {
    return existsSync(`/proc/${this.server.processId}/fd`);
  }

  connection(user: User): Connection {
    return new Connection(() => this.server.address, TOKENS[user]);
  }

  async metric(name: string): Promise<number> {
    return (await Scrape.of(this.server.url, ADMIN_KEY)).value(name);
  }

  /** Resolves with whether a metric reaches a value soon. */
  reaches(metric: string, value: number): Promise<boolean> {
    return soon(async () => (await this.metric(metric)) === value);
  }

  /** Throws unless an honest user acquires and releases a lock. */
  async serves(): Promise<void> {
    const connection = this.connection('honest');
    const acquired = await connection.post('/locks/served/acquire', { ttl_seconds: 60 }, SOON_MS);
    const { lease_id } = acquired.body;
    const released = await connection.post('/locks/served/release', { lease_id }, SOON_MS);
    connection.cut();
    if (released.status !== 200)
      throw new Error(`others are not served: ${acquired.status}, ${released.status} ${released.text}`);
  }
}

/** Resolves with whether something is so within `withinMs`. */
export async function soon(isSo: () => boolean | Promise<boolean>, withinMs = SOON_MS): Promise<boolean> {
  const endMs = nowMs() + withinMs;
  while (!(await isSo())) {
    if (nowMs() > endMs) return false;
    await pause(LOOK_EVERY_MS);
  }
  return true;
}

/** Attacks a server of its own, which must be alive, serve others and stop in order after that. */
export async function withAbused(
  { main, findings }: Stage,
  settings: Settings,
  attack: (abused: AbusedServer) => Promise<void>,
): Promise<void> {
  const server = new BuiltServer({ ...SETTINGS, ...settings }, { main });
  try {
    await server.start();
    const abused = new AbusedServer(server, new Descriptors(server.processId));
    // The first requests open files and compile code.
    await abused.serves();
    await abused.descriptors.settle();
    await attack(abused)
      .then(() => abused.serves())
      .catch(async (error: unknown) => {
        // One that has just been killed by a client may be about to end.
        const hasEnded = await soon(() => !abused.isAlive, DYING_MS);
        if (hasEnded) throw new Error(`the process ended: ${lastLines(server.output)} (${String(error)})`);
        throw error;
      });
    const code = await server.end('SIGTERM');
    findings.expect(code === 0, `it stopped with ${code}: ${lastLines(server.output)}`);
  } finally {
    await server.remove();
  }
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-12).join(' | ').slice(-600);
}
