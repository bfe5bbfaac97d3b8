import { existsSync } from 'node:fs';
import { nowMs, pause } from '../../../src/process/time.js';
import { BuiltServer } from '../../kit/server/built-server.js';
import type { Settings } from '../../../src/bench/server/server-process.js';
import { Scrape } from '../../../src/bench/server/metrics.js';
import { Connection } from '../../kit/http/connection.js';
import type { AttackContext } from './attack.js';
import { Descriptors } from './descriptors.js';

const ADMIN_KEY = 'admin-key-for-abuse';

/** The users of the server under attack, with their tokens. */
export const TOKENS = {
  honest: 'token-of-the-honest-user',
  greedy: 'token-of-the-greedy-user',
  holder: 'token-of-the-lock-holder',
} as const;

export type User = keyof typeof TOKENS;

/** More tokens, for attacks that need many users. */
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

/** How long, in milliseconds, to wait for what takes seconds at most, so that a busy machine does no harm. */
export const EVENTUALLY_MS = 20_000;
const POLL_MS = 25;
const EXIT_MS = 1000;

/** A server under attack, as seen from outside. */
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

  /** Resolves with whether a metric reaches a value in time. */
  reaches(metric: string, value: number): Promise<boolean> {
    return eventually(async () => (await this.metric(metric)) === value);
  }

  /** Throws unless an honest user can acquire and release a lock. */
  async serves(): Promise<void> {
    const connection = this.connection('honest');
    const acquired = await connection.post('/locks/served/acquire', { ttl_seconds: 60 }, EVENTUALLY_MS);
    const { lease_id } = acquired.body;
    const released = await connection.post('/locks/served/release', { lease_id }, EVENTUALLY_MS);
    connection.cut();
    if (released.status !== 200)
      throw new Error(
        `an honest user is not served: ${acquired.status}, ${released.status} ${released.text}`,
      );
  }
}

/** Resolves with true as soon as the condition is met, or with false after `withinMs`. */
export async function eventually(
  condition: () => boolean | Promise<boolean>,
  withinMs = EVENTUALLY_MS,
): Promise<boolean> {
  const endMs = nowMs() + withinMs;
  while (!(await condition())) {
    if (nowMs() > endMs) return false;
    await pause(POLL_MS);
  }
  return true;
}

/** Attacks a new server. Afterwards it must still run, serve others and shut down cleanly. */
export async function withAbused(
  { main, findings }: AttackContext,
  settings: Settings,
  attack: (abused: AbusedServer) => Promise<void>,
): Promise<void> {
  const server = new BuiltServer({ ...SETTINGS, ...settings }, { main });
  try {
    await server.start();
    const abused = new AbusedServer(server, new Descriptors(server.processId));
    // A warm-up: the first requests open files and compile code.
    await abused.serves();
    await abused.descriptors.settle();
    await attack(abused)
      .then(() => abused.serves())
      .catch(async (error: unknown) => {
        // A process that a client has just killed may take a moment to exit.
        const hasEnded = await eventually(() => !abused.isAlive, EXIT_MS);
        if (hasEnded) throw new Error(`the process ended: ${lastLines(server.output)} (${String(error)})`);
        throw error;
      });
    const code = await server.end('SIGTERM');
    findings.expect(code === 0, `it exited with ${code}: ${lastLines(server.output)}`);
  } finally {
    await server.remove();
  }
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-12).join(' | ').slice(-600);
}
