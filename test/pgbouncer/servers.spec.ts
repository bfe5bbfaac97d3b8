import { expect, onTestFinished, test } from 'vitest';
import type { Client } from '../../lab/kit/http/client.js';
import { urlOf } from '../../lab/kit/postgres/route.js';
import { SECRET_KEY } from '../commands/postgres/installation.js';
import { Installation, type ServerProcess } from '../support/process.js';
import { TestDatabase } from '../support/postgres/test-database.js';
import { describeWithBouncer } from './with-bouncer.js';

/** Longer than a take-over from a server that was killed. */
const TAKE_OVER_MS = 60_000;

const TTL = { ttl_seconds: 600 };

/** A reply of a server. Fails if it is not a success. */
async function post(client: Client, path: string, body: object): Promise<Record<string, unknown>> {
  const answer = await client.post(path, body);
  expect(answer).toMatchObject({ status: 200 });
  return answer.body;
}

await describeWithBouncer('two servers', (bouncer, cluster) => {
  async function newInstallation(): Promise<Installation> {
    const database = await TestDatabase.empty(cluster);
    onTestFinished(() => database.drop());
    return new Installation({ DATABASE_URL: urlOf([bouncer], database.name), SECRET_KEY });
  }

  async function startBoth(
    installation: Installation,
  ): Promise<[leader: ServerProcess, standby: ServerProcess]> {
    const leader = await installation.start();
    const standby = await installation.start();
    await standby.program.printed(/Another server leads on this database/);
    return [leader, standby];
  }

  interface Status {
    readonly replicas: readonly { readonly role: string; readonly url: string }[];
    readonly terms: readonly { readonly epoch: number; readonly reason: string }[];
  }

  async function statusOf(installation: Installation): Promise<Status> {
    const { stdout } = await installation.run(['cluster', 'status', '--json']);
    return JSON.parse(stdout) as Status;
  }

  test('serve clients, and the second one takes over all leases when the first one is killed', async () => {
    const installation = await newInstallation();
    const [leader, standby] = await startBoth(installation);
    const { lease_id, fencing_token } = await post(standby.alice, '/locks/deploy/acquire', TTL);
    await post(leader.alice, '/locks/deploy/renew', { lease_id, ...TTL });
    await expect
      .poll(() => statusOf(installation))
      .toMatchObject({
        replicas: [
          { role: 'leader', url: leader.url },
          { role: 'standby', url: standby.url },
        ],
      });

    await leader.kill('SIGKILL');
    await standby.program.printed(/This server leads/, TAKE_OVER_MS);
    expect(await post(standby.alice, '/locks/deploy/acquire', TTL)).toMatchObject({
      lease_id,
      fencing_token,
    });
    await post(standby.alice, '/locks/deploy/release', { lease_id });
    expect(await statusOf(installation)).toMatchObject({
      terms: [{ epoch: 2, reason: 'silent' }, { epoch: 1 }],
    });
  });

  test('hand over, and let a command create a token', async () => {
    const installation = await newInstallation();
    const [leader, standby] = await startBoth(installation);
    expect(await leader.kill('SIGTERM')).toMatchObject({ code: 0 });
    await standby.program.printed(/This server leads/, TAKE_OVER_MS);
    expect(await installation.run(['token', 'create', 'ci'])).toMatchObject({ code: 0 });
    expect(await installation.run(['cluster', 'finalize'])).toMatchObject({ code: 0 });
    expect(await statusOf(installation)).toMatchObject({
      terms: [{ epoch: 2, reason: 'resigned' }, { epoch: 1 }],
    });
  });
});
