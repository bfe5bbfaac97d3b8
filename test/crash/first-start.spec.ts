import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Client } from '../support/client.js';
import { Installation, pause } from '../support/process.js';

/** By hand more: FIRST_START_KILLS=20. */
const KILLS = Number(process.env['FIRST_START_KILLS'] ?? 4);

/** From the new file to the ready server, on a machine that is not too slow. */
const START_MS = 250;

const TOKEN = /octo_[0-9A-Za-z]+/;

async function killAndStartAgain(): Promise<{ wasKilled: boolean; token: string | null }> {
  const installation = new Installation({ STATIC_TOKENS: undefined });
  const first = installation.launch();
  while (!existsSync(installation.databasePath) && !first.hasExited) await pause(1);
  await pause(Math.random() * START_MS);
  const { signal } = await first.kill();
  const second = await installation.start();
  const token = await second.program.printed(TOKEN, 500).then(
    ([text]) => text,
    () => TOKEN.exec(first.stdout)?.[0] ?? null,
  );
  expect(readFileSync(`${installation.databasePath}.key`, 'utf8')).toHaveLength(43);
  expect(await new Client(second.url, token).get('/health/ready')).toMatchObject({ status: 200 });
  const { status } = await new Client(second.url, token).post('/locks/a/acquire', { ttl_seconds: 60 });
  expect(status).toBe(200);
  await second.kill();
  return { wasKilled: signal === 'SIGKILL', token };
}

test(
  `a first start that is killed ${KILLS} times does not spoil the second`,
  { timeout: KILLS * 10_000 + 30_000 },
  async () => {
    let killed = 0;
    for (let number = 0; number < KILLS; number += 2) {
      const pair = await Promise.all([killAndStartAgain(), killAndStartAgain()]);
      killed += pair.filter(({ wasKilled }) => wasKilled).length;
    }
    expect(killed).toBeGreaterThanOrEqual(KILLS);
  },
);
