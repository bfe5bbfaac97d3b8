import { Random } from '../../kit/random.js';
import { TestBuild } from '../../kit/server/test-build.js';
import { findBugs } from '../find-bugs.js';
import type { Budget, Proof, ProofContext } from '../proof.js';
import { runCampaign } from './campaign.js';
import { REPLICA_BUGS, type ReplicaBug } from './replica-bugs.js';

const TRIED: Record<Budget, number> = { small: 1, full: REPLICA_BUGS.length };

const ROUND = { faults: 8, seconds: 60, clients: 24, locks: 8 };
const ROUNDS_MAX = 10;

export const replicaBugs: Proof = {
  name: 'replica-bugs',
  claim: 'The proof of several replicas notices bugs that show only there.',
  run: (context) => {
    const random = new Random(context.seed);
    return findBugs(REPLICA_BUGS, TRIED[context.budget], context, (bug) => evidenceOf(bug, random, context));
  },
};

/** Resolves with the violation that revealed the bug. Null if none did. */
async function evidenceOf(
  { patches, kinds }: ReplicaBug,
  random: Random,
  { reportProgress }: ProofContext,
): Promise<string | null> {
  const build = new TestBuild(patches);
  try {
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      const plan = { ...ROUND, kinds };
      const { workload, findings } = await runCampaign(plan, random.split(), reportProgress, build.main);
      const [found] = [...workload.shared.violations, ...findings.violations];
      if (found !== undefined) return found.slice(0, 150).split('\n')[0] ?? '';
    }
    return null;
  } finally {
    build.remove();
  }
}
