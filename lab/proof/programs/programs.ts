import { Random } from '../../kit/random.js';
import { expectPatchesApply } from '../../kit/server/test-build.js';
import { ClaimBroken, type Budget, type Figures, type Proof, type ProofContext } from '../proof.js';
import { Arena, type ArenaPlan } from './arena.js';
import { findProgramBugs } from './find-program-bugs.js';
import { PROGRAM_BUGS } from './program-bugs.js';

const PLANS: Record<Budget, ArenaPlan> = {
  small: { seconds: 6, serverKills: 1, turnsEach: 1 },
  full: { seconds: 300, serverKills: 20, turnsEach: 20 },
};

const SHOWN_MAX = 10;

export const programs: Proof = {
  name: 'programs',
  claim:
    'Philosophers, readers and writers, pools, jobs and deployments never disturb each other, and everyone gets its turn.',
  run,
};

async function run(context: ProofContext): Promise<Figures> {
  const { budget, minutes, seed, reportProgress } = context;
  for (const { patches } of PROGRAM_BUGS) expectPatchesApply(patches);
  const random = new Random(seed);
  const plan = PLANS[budget];
  const seconds = minutes === null ? plan.seconds : minutes * 60;
  const { violations, figures } = await new Arena(random.split()).run({ ...plan, seconds });
  if (violations.length > 0)
    throw new ClaimBroken(
      `${violations.length} violations:\n  ${violations.slice(0, SHOWN_MAX).join('\n  ')}`,
    );
  reportProgress('nothing was wrong with a correct server');
  return { ...figures, ...(await findProgramBugs(context, random)) };
}
