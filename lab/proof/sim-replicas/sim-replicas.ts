import type { Proof } from '../proof.js';
import { runCampaign } from '../sim/campaign.js';
import { REPLICA_BUGS } from './bugs/replica-bugs.js';
import { noCounts, type ReplicaCounts } from './figures.js';
import { simulateReplicas } from './simulation.js';

/** If less than this happens in a thousand runs, they prove nothing. */
const LEAST_PER_THOUSAND: Partial<ReplicaCounts> = {
  grants: 1_500,
  renewals: 150,
  reads: 1_000,
  terms: 1_000,
  lostTerms: 200,
  crashes: 300,
  stops: 150,
  pauses: 300,
  cutOffs: 300,
  failOvers: 500,
  restarts: 300,
  cancelledWaits: 150,
  lostCommits: 15,
};

/**
 * Runs the real journal, store, law and jobs of several replicas on a simulated PostgreSQL that fails over. A seed decides everything
 * that happens in a run. Checks that all of them together keep one history.
 */
export const simReplicas: Proof = {
  name: 'sim-replicas',
  claim:
    'replicas on a database that fails over keep one history, whatever is lost, late, frozen or repeated',
  run: (context) =>
    runCampaign(
      {
        name: 'sim-replicas',
        program: new URL('./worker.js', import.meta.url),
        simulate: simulateReplicas,
        bugs: REPLICA_BUGS,
        noCounts,
        runs: { small: 1_500, full: 100_000 },
        bugRunsMax: 2_000,
        leastPerThousand: LEAST_PER_THOUSAND,
      },
      context,
    ),
};
