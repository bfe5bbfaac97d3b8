import { Random } from '../../kit/random.js';
import { TestBuild } from '../../kit/server/test-build.js';
import { ClaimBroken, type Figures, type Proof, type ProofContext } from '../proof.js';
import { LONG_TIMEOUTS } from './long-timeouts.js';
import { hangingReceivers } from './hanging-receivers.js';

/** When to give up. */
const PATIENCE_MS = 180_000;

export const undelayed: Proof = {
  name: 'undelayed',
  claim:
    'A webhook with a good receiver is not delayed, even while other receivers hold their calls as long as they can.',
  run,
};

async function run({ seed }: ProofContext): Promise<Figures> {
  const build = new TestBuild(LONG_TIMEOUTS);
  try {
    const { violations, ...found } = await hangingReceivers(build.main, new Random(seed), PATIENCE_MS);
    const [first] = violations;
    if (first !== undefined) throw new ClaimBroken(first);
    return {
      'receivers that never ended a call': found.hanging,
      'connections to them': found.sockets,
      'messages to good receivers meanwhile': found.delivered,
    };
  } finally {
    build.remove();
  }
}
