import { beforeAll, expect, test } from 'vitest';
import { makeCertificate } from '../../../lab/kit/doubles/certificate.js';
import { SystemClock } from '../../../src/clock/system-clock.js';
import type { PostgresTls } from '../../../src/config/database-url.js';
import { openJournal } from '../../../src/journal/open-journal.js';
import { leadAt } from '../../support/postgres/test-journal.js';
import { TestDatabase } from '../../support/postgres/test-database.js';
import { describeWithOwnCluster } from '../../support/postgres/with-cluster.js';

await describeWithOwnCluster('a connection with sslmode=verify-full', {}, (cluster) => {
  const right = makeCertificate('DNS:localhost,IP:127.0.0.1');
  const elsewhere = makeCertificate('DNS:elsewhere.test');
  let database: TestDatabase;

  beforeAll(async () => {
    await cluster.useCertificate(right);
    database = await TestDatabase.create(cluster);
  });

  const verify = (caFile: string | null): PostgresTls => ({ mode: 'verify-full', caFile });

  async function refusalOf(tls: PostgresTls): Promise<string> {
    const opened = openJournal(database.location({ tls }), new SystemClock());
    return String(await opened.catch((error: unknown) => error));
  }

  test.each(['127.0.0.1', 'localhost'])('to %s is encrypted', async (host) => {
    const hosts = [{ host, port: cluster.port }] as const;
    const { journal } = await leadAt(database.location({ hosts, tls: verify(right.caFile) }));
    const encrypted = await database.query(`
      select distinct ssl from pg_stat_ssl join pg_stat_activity using (pid)
        where application_name = 'octostore'`);
    expect(encrypted).toEqual([{ ssl: true }]);
    await journal.close();
  });

  test('is refused if another authority signed the certificate', async () => {
    expect(await refusalOf(verify(elsewhere.caFile))).toMatch(/self-signed certificate/);
  });

  test('is refused if no authority of the system signed the certificate', async () => {
    expect(await refusalOf(verify(null))).toMatch(/self-signed certificate/);
  });

  test('is refused if the file with the authorities cannot be read', async () => {
    const refusal = await refusalOf(verify('/nowhere/ca.pem'));
    expect(refusal).toMatch(/\/nowhere\/ca\.pem .*cannot be read.*sslrootcert/);
  });

  test('is refused if the certificate is for another host', async () => {
    await cluster.useCertificate(elsewhere);
    expect(await refusalOf(verify(elsewhere.caFile))).toMatch(/127\.0\.0\.1 is not in the cert's list/);
  });

  test('is refused if the server does not encrypt', async () => {
    await cluster.set('ssl', 'off');
    expect(await refusalOf(verify(right.caFile))).toContain('does not support SSL');
  });
});
