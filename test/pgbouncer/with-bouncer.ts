import { afterAll, describe } from 'vitest';
import { Bouncer } from '../../lab/kit/postgres/bouncer.js';
import type { Cluster } from '../../lab/kit/postgres/cluster.js';
import { sharedCluster } from '../support/postgres/shared-cluster.js';

/** Tests that need PgBouncer before the cluster that all specs of a run share. They are skipped if one of the two is not installed. */
export async function describeWithBouncer(
  title: string,
  tests: (bouncer: Bouncer, cluster: Cluster) => void,
): Promise<void> {
  const cluster = await sharedCluster();
  const bouncer = cluster === null ? null : await Bouncer.before(cluster);
  describe.skipIf(bouncer === null)(`through PgBouncer: ${title}`, () => {
    if (cluster === null || bouncer === null) return;
    afterAll(() => bouncer.remove());
    tests(bouncer, cluster);
  });
}
