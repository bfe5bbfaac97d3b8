import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Client } from '../../lab/kit/http/client.js';
import { Installation } from '../support/process.js';
import { pause } from '../../src/process/time.js';

/** By hand more: FIRST_START_KILLS=20. */
const KILLS = Number(process.env['FIRST_START_KILLS'] ?? 2);

/** From the new file to the ready server, on a machine that is not too slow. */
const START_MS = 250;

interface Attempt {
  readonly wasKilled: boolean;
  /** How the next start answers to the token in the file that it names. */
  readonly status: number;
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
  const [, file = ''] = await second.program.printed(/"file":"([^"]+\.first-token)"/);
  const token = readFileSync(file, 'utf8').trim();
  const { status } = await new Client(second.url, token).post('/locks/a/acquire', { ttl_seconds: 60 });
  await second.kill();
  return { wasKilled, status };
}

test(
  `a first start that is killed ${KILLS} times does not spoil the second`,
  { timeout: KILLS * 10_000 + 30_000 },
  async () => {
    const attempts: Attempt[] = [];
    while (attempts.length < KILLS) {
      attempts.push(...(await Promise.all([killAndStartAgain(), killAndStartAgain()])));
    }
    expect(attempts).toEqual(attempts.map(() => ({ wasKilled: true, status: 200 })));
  },
);
