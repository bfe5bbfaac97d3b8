import { afterAll, describe, expect, test } from 'vitest';
import { Bouncer, findBouncer } from '../../lab/kit/postgres/bouncer.js';
import { Pair } from '../../lab/kit/postgres/pair.js';
import { urlOf } from '../../lab/kit/postgres/route.js';
import { SECRET_KEY } from '../commands/postgres/installation.js';
import { Installation, type ServerProcess } from '../support/process.js';

/** Longer than everything that has to happen on a busy machine. */
const PATIENT = { timeout: 120_000, interval: 100 } as const;

const DATABASE = 'octostore';

const pair = findBouncer() === null ? null : await Pair.create();
const bouncers =
  pair === null ? [] : await Promise.all(pair.clusters.map((cluster) => Bouncer.before(cluster)));

describe.skipIf(pair === null)('a server with a PgBouncer before each host of its database', () => {
  if (pair === null) return;
  const running = bouncers.filter((bouncer) => bouncer !== null);

  afterAll(async () => {
    await Promise.all(running.map((bouncer) => bouncer.remove()));
    pair.remove();
  });

  async function renew({ alice }: ServerProcess, body: object): Promise<number> {
    return (await alice.post('/locks/deploy/renew', body)).status;
  }

  test('goes on when the primary is started again, and when it is lost and the standby promoted', async () => {
    await pair.primary.query(`create database ${DATABASE}`);
    const installation = new Installation({ DATABASE_URL: urlOf(running, DATABASE), SECRET_KEY });
    const server = await installation.start();
    const { body } = await server.alice.post('/locks/deploy/acquire', { ttl_seconds: 600 });
    const lease = { lease_id: body['lease_id'], ttl_seconds: 600 };

    pair.primary.kill();
    await pair.restartPrimary();
    await expect.poll(() => renew(server, lease), PATIENT).toBe(200);

    pair.primary.kill();
    await pair.promote();
    await expect.poll(() => renew(server, lease), PATIENT).toBe(200);
    const next = await server.alice.post('/locks/other/acquire', { ttl_seconds: 600 });
    expect(next.body['fencing_token']).toBeGreaterThan(Number(body['fencing_token']));
  });
});
