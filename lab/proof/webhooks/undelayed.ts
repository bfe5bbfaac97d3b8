import { Random } from '../../kit/random.js';
import { TestBuild } from '../../kit/server/test-build.js';
import { ClaimBroken, type Figures, type Proof, type ProofContext } from '../proof.js';
import { PATIENT } from './patient-build.js';
import { standstill } from './standstill.js';

/** When to give up hope. */
const PATIENCE_MS = 180_000;

export const undelayed: Proof = {
  name: 'undelayed',
  claim:
    'A webhook whose receiver is well waits for nobody, while others hold their calls for as long as they can.',
  run,
};

async function run({ seed }: ProofContext): Promise<Figures> {
  const build = new TestBuild(PATIENT);
  try {
    const { violations, ...found } = await standstill(build.main, new Random(seed), PATIENCE_MS);
    const [first] = violations;
    if (first !== undefined) throw new ClaimBroken(first);
    return {
      'receivers that held a call, without end': found.hanging,
      'connections to them': found.sockets,
      'messages that good receivers got meanwhile': found.taken,
    };
  } finally {
    build.remove();
  }
}
