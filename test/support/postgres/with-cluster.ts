import { afterAll, beforeAll, describe } from 'vitest';
import { Cluster } from '../../../lab/kit/postgres/cluster.js';
import { warnNotInstalled } from './not-installed.js';
import { sharedCluster } from './shared-cluster.js';
import { makeTemplate } from './test-database.js';

/** Tests that need the cluster that all specs of a run share. They are skipped if PostgreSQL is not installed. */
export async function describeWithCluster(title: string, tests: (cluster: Cluster) => void): Promise<void> {
  describeUnlessNull(title, await sharedCluster(), tests);
}

/** Tests that need a cluster of their own, because they change its settings or stop it. */
export async function describeWithOwnCluster(
  title: string,
  settings: Readonly<Record<string, string>>,
  tests: (cluster: Cluster) => void,
): Promise<void> {
  describeUnlessNull(title, await Cluster.create(settings), (cluster) => {
    beforeAll(() => makeTemplate(cluster));
    afterAll(() => cluster.remove());
    tests(cluster);
  });
}

function describeUnlessNull(title: string, cluster: Cluster | null, tests: (cluster: Cluster) => void): void {
  if (cluster === null) warnNotInstalled();
  describe.skipIf(cluster === null)(`on PostgreSQL: ${title}`, () => {
    if (cluster !== null) tests(cluster);
  });
}
