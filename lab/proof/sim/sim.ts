import type { Proof } from '../proof.js';
import { BUGS } from './bugs/bugs.js';
import { runCampaign } from './campaign.js';
import { noCounts, type Counts } from './figures.js';
import { simulate } from './simulation.js';

/** If less than this happens in a thousand runs, they prove nothing. */
const LEAST_PER_THOUSAND: Partial<Counts> = {
  steps: 100_000,
  grants: 2_000,
  waits: 800,
  grantsAfterWait: 300,
  abandoned: 100,
  renewals: 200,
  releases: 250,
  expiries: 1_000,
  conversions: 50,
  upgrades: 15,
  brokenLeases: 150,
  releaseRequests: 150,
  coolings: 100,
  fenceAdvances: 200,
  staleTokens: 20,
  crashes: 700,
  reboots: 200,
  failedCommits: 50,
  pauses: 500,
  wallJumps: 700,
  lostMessages: 1_000,
  repeatedMessages: 200,
  eventsRead: 4_000,
};

/**
 * Runs the real law, store and jobs many times with a simulated clock, disk and network. A seed decides everything that happens in
 * a run. Checks everything that is decided, written and answered.
 */
export const sim: Proof = {
  name: 'sim',
  claim: 'in any order of events, crashes, delays and clock jumps the server keeps every word it has given',
  run: (context) =>
    runCampaign(
      {
        name: 'sim',
        program: new URL('./worker.js', import.meta.url),
        simulate,
        bugs: BUGS,
        noCounts,
        runs: { small: 3_000, full: 120_000 },
        bugRunsMax: 5_000,
        leastPerThousand: LEAST_PER_THOUSAND,
      },
      context,
    ),
};
