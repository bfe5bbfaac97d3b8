import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { SystemClock } from '../../../src/clock/system-clock.js';
import { PostgresLocation } from '../../../src/installation/postgres-location.js';
import { openJournal } from '../../../src/journal/open-journal.js';
import type { Cluster } from '../../../lab/kit/postgres/cluster.js';
import { commitLease, connectTo, leadAt } from '../../support/postgres/test-journal.js';
import { describeWithOwnCluster } from '../../support/postgres/with-cluster.js';

const OWNER = { user: 'octostore_owner', password: 'a long random password' };
const SERVER = { user: 'octostore', password: 'another long random password' };

/** The statements that the documentation tells operators to run, block by block. */
function documented(): string[] {
  const [, section = ''] = readFileSync('docs/postgres.md', 'utf8').split('## Roles and privileges');
  return [...section.matchAll(/```sql\n(.*?)```/gs)].map(([, block = '']) => block);
}

async function createRoles(cluster: Cluster): Promise<void> {
  const [forServer = '', forDatabase = ''] = documented();
  for (const statement of forServer.split(';').filter((text) => text.trim() !== '')) {
    await cluster.query(statement);
  }
  await cluster.query(forDatabase, 'octostore');
}

await describeWithOwnCluster('with a role for the schema and one for the server', {}, (cluster) => {
  beforeAll(async () => {
    await cluster.askForPasswords();
    await createRoles(cluster);
  });

  test('the server cannot make the schema, and says what to do', async () => {
    const start = openJournal(cluster.location('octostore', SERVER), new SystemClock());
    await expect(start).rejects.toThrow(/role "octostore" may not do that.*docs\/postgres.md/);
  });

  test('the server needs only what it was granted, once the owner has made the schema', async () => {
    await (await connectTo(cluster.location('octostore', OWNER))).close();
    const leading = await leadAt(cluster.location('octostore', SERVER));
    await commitLease(leading, 1);
    expect(await leading.journal.load('leases')).toHaveLength(1);
    await leading.journal.advertise('http://here');
    expect(
      await cluster.query('select timeline::int, system_id is not null as known from server', 'octostore'),
    ).toEqual([{ timeline: 1, known: true }]);
    await leading.journal.close();
  });

  test('the server cannot change the schema', async () => {
    const create = cluster.queryAs(SERVER, 'create table mine (id int)', 'octostore');
    await expect(create).rejects.toThrow('permission denied');
    const drop = cluster.queryAs(SERVER, 'drop table leases', 'octostore');
    await expect(drop).rejects.toThrow('must be owner');
  });

  test('the password is asked for with each new connection', async () => {
    const passwords: string[] = [];
    const { url } = cluster.location('octostore', SERVER);
    let current = SERVER.password;
    const location = new PostgresLocation(url, () => {
      passwords.push(current);
      return Promise.resolve(current);
    });
    const leading = await leadAt(location);
    await commitLease(leading, 2);
    current = 'a password of tomorrow';
    await cluster.query(`alter role octostore password '${current}'`);
    await cluster.query("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'octostore'");
    await commitLease(leading, 3);
    expect(new Set(passwords)).toEqual(new Set([SERVER.password, current]));
    await leading.journal.close();
  });

  test.each([
    ['a wrong password', 'wrong', 'password authentication failed'],
    ['no password', null, 'DATABASE_URL has none'],
  ])('%s is refused, and no message contains a password', async (_, password, reason) => {
    const start = openJournal(cluster.location('octostore', { ...SERVER, password }), new SystemClock());
    const refusal = String(await start.catch((error: unknown) => error));
    expect(refusal).toContain(reason);
    expect(refusal).not.toContain('wrong');
  });
});
