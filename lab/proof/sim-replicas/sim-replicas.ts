import type { Proof } from '../proof.js';
import { runCampaign } from '../sim/campaign.js';
import { REPLICA_BUGS } from './bugs/replica-bugs.js';
import { noCounts, type ReplicaCounts } from './figures.js';
import { simulateReplicas } from './simulation.js';

/** If less than this happens in a thousand runs, they prove nothing. */
const LEAST_PER_THOUSAND: Partial<ReplicaCounts> = {
  grants: 2_000,
  renewals: 300,
  reads: 2_500,
  expiries: 700,
  terms: 1_000,
  lostTerms: 130,
  crashes: 200,
  stops: 50,
  pauses: 230,
  cutOffs: 60,
  wallJumps: 40,
  failOvers: 250,
  restarts: 180,
  cancelledWaits: 100,
  lostCommits: 10,
  wholeTermsLost: 10,
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
        bugRunsMax: 5_000,
        leastPerThousand: LEAST_PER_THOUSAND,
      },
      context,
    ),
};
