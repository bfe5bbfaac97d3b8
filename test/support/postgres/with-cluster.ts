import { afterAll, beforeAll, describe } from 'vitest';
import { Cluster } from './cluster.js';
import { notInstalled, sharedCluster } from './shared-cluster.js';
import { makeTemplate } from './test-database.js';

/** Tests that need the cluster that all specs of a run share. They are skipped if PostgreSQL is not installed. */
export async function describeWithCluster(title: string, tests: (cluster: Cluster) => void): Promise<void> {
  const cluster = await sharedCluster();
  if (cluster !== null) describe(title, () => tests(cluster));
  else describe.skip(title);
}

/** Tests that need a cluster of their own, because they change its settings or stop it. */
export async function describeWithOwnCluster(
  title: string,
  settings: Readonly<Record<string, string>>,
  tests: (cluster: Cluster) => void,
): Promise<void> {
  const cluster = await Cluster.create(settings);
  if (cluster === null) {
    notInstalled();
    describe.skip(title);
    return;
  }
  describe(title, () => {
    beforeAll(() => makeTemplate(cluster));
    afterAll(() => cluster.remove());
    tests(cluster);
  });
}
