import { Random } from '../../kit/random.js';
import { figuresOf } from '../../kit/history/check-history.js';
import type { Budget, Figures, Proof, ProofContext } from '../proof.js';
import { expectNoViolations } from '../history/expect-no-violations.js';
import { FAULTS } from './attack.js';
import { runCampaign, type CampaignPlan } from './campaign.js';
import { expectEnough } from './expect-enough.js';

const PLANS: Record<Budget, CampaignPlan> = {
  small: { faults: FAULTS.length, seconds: Infinity, clients: 18, locks: 16 },
  full: { faults: 1000, seconds: Infinity, clients: 24, locks: 24 },
};

export const replicas: Proof = {
  name: 'replicas',
  claim: 'Several replicas on PostgreSQL keep every promise, whichever of them, or of the database, fails.',
  run,
};

async function run({ budget, seed, minutes, reportProgress }: ProofContext): Promise<Figures> {
  const seconds = minutes === null ? PLANS[budget].seconds : minutes * 60;
  const faults = minutes === null ? PLANS[budget].faults : Infinity;
  const plan = { ...PLANS[budget], faults, seconds };
  const result = await runCampaign(plan, new Random(seed), reportProgress);
  const { workload, findings, more, figures } = result;
  expectNoViolations(workload.shared, findings, more);
  if (minutes === null) expectEnough(faults, result);
  const { history } = workload.shared;
  return {
    operations: history.answered,
    'operations without an answer': history.unanswered,
    grants: history.grants.length,
    ...figures,
    ...figuresOf(history, findings),
  };
}
