import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Client } from '../support/client.js';
import { Installation, type Program } from '../support/process.js';
import { pause } from '../../src/cli/time.js';

/** By hand more: FIRST_START_KILLS=20. */
const KILLS = Number(process.env['FIRST_START_KILLS'] ?? 2);

/** From the new file to the ready server, on a machine that is not too slow. */
const START_MS = 250;

const TOKEN = /octo_[0-9A-Za-z]+/;

interface Attempt {
  readonly wasKilled: boolean;
  /** How the next start answers to the token that was shown; null if the kill came just before it was. */
  readonly status: number | null;
}

async function killAndStartAgain(): Promise<Attempt> {
  const installation = new Installation({ STATIC_TOKENS: undefined });
  const first = installation.launch();
  while (!existsSync(installation.databasePath) && !first.hasExited) await pause(1);
  await pause(Math.random() * START_MS);
  const { signal } = await first.kill();
  const second = await installation.start();
  const wasKilled = signal === 'SIGKILL';
  expect((await new Client(second.url, null).get('/health/ready')).status).toBe(200);
  expect(readFileSync(`${installation.databasePath}.key`, 'utf8')).toHaveLength(43);
  const token = TOKEN.exec(first.stdout)?.[0] ?? (await tokenOf(second.program));
  if (token === null) return { wasKilled, status: null };
  const { status } = await new Client(second.url, token).post('/locks/a/acquire', { ttl_seconds: 60 });
  await second.kill();
  return { wasKilled, status };
}

/** What is shown comes right after the server is ready. */
function tokenOf(program: Program): Promise<string | null> {
  return program.printed(TOKEN, 1000).then(
    ([token]) => token,
    () => null,
  );
}

test(
  `a first start that is killed ${KILLS} times does not spoil the second`,
  { timeout: KILLS * 10_000 + 30_000 },
  async () => {
    const attempts: Attempt[] = [];
    while (attempts.length < KILLS) {
      attempts.push(...(await Promise.all([killAndStartAgain(), killAndStartAgain()])));
    }
    const shown = attempts.filter(({ status }) => status !== null);
    expect(shown.length).toBeGreaterThanOrEqual(KILLS / 2);
    expect(attempts).toEqual(
      attempts.map(({ status }) => ({ wasKilled: true, status: status === null ? null : 200 })),
    );
  },
);
