import { figuresOf } from '../../kit/history/check-history.js';
import { Random } from '../../kit/random.js';
import { expectNoViolations } from '../history/expect-no-violations.js';
import type { Budget, Figures, Proof, ProofContext } from '../proof.js';
import { FAULTS } from './attack.js';
import { runCampaign, type CampaignPlan, type CampaignResult } from './campaign.js';
import { expectEnough } from './expect-enough.js';

/** Campaigns follow each other, each on servers and databases of its own, so that a violation is known early, and an interrupted run says something. */
interface Plan extends CampaignPlan {
  readonly campaigns: number;
}

const PLANS: Record<Budget, Plan> = {
  small: { campaigns: 1, faults: FAULTS.length, seconds: Infinity, clients: 18, locks: 16 },
  full: { campaigns: 10, faults: 100, seconds: Infinity, clients: 24, locks: 24 },
};

/** Its figures are those of one campaign, and are not added up. */
const LONGEST = 'longest history of one lock';

export const replicas: Proof = {
  name: 'replicas',
  claim: 'Several replicas on PostgreSQL keep every promise, whichever of them, or of the database, fails.',
  run,
};

async function run(context: ProofContext): Promise<Figures> {
  const { seed, reportProgress } = context;
  const plan = planFor(context);
  const random = new Random(seed);
  let total: Record<string, number> = {};
  for (let campaign = 1; campaign <= plan.campaigns; campaign += 1) {
    const result = await runCampaign(plan, random.split(), reportProgress);
    expectNoViolations(result.workload.shared, result.findings, result.more);
    if (plan.faults < Infinity) expectEnough(plan.faults, result);
    total = sum(total, figuresOfCampaign(result));
    if (plan.campaigns > 1) reportProgress(`campaign ${campaign} of ${plan.campaigns}: no violation`);
  }
  return total;
}

function planFor({ budget, minutes }: ProofContext): Plan {
  if (minutes === null) return PLANS[budget];
  return { ...PLANS[budget], campaigns: 1, faults: Infinity, seconds: minutes * 60 };
}

function figuresOfCampaign({ workload, findings, figures }: CampaignResult): Record<string, number> {
  const { history } = workload.shared;
  return {
    operations: history.answered,
    'operations without an answer': history.unanswered,
    grants: history.grants.length,
    ...figures,
    ...figuresOf(history, findings),
  };
}

function sum(
  before: Readonly<Record<string, number>>,
  more: Readonly<Record<string, number>>,
): Record<string, number> {
  const total = { ...before };
  for (const [name, figure] of Object.entries(more)) {
    const known = total[name] ?? 0;
    total[name] = name === LONGEST ? Math.max(known, figure) : known + figure;
  }
  return total;
}
