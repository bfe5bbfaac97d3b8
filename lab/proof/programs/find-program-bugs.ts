import type { Random } from '../../kit/random.js';
import { TestBuild } from '../../kit/server/test-build.js';
import { findBugs } from '../find-bugs.js';
import type { Budget, Figures, ProofContext } from '../proof.js';
import { Arena } from './arena.js';
import { PROGRAM_BUGS, type ProgramBug } from './program-bugs.js';

/** How many bugs to try. */
const TRIED: Record<Budget, number> = { small: 1, full: PROGRAM_BUGS.length };

/** A bug that needs bad luck gets more chances, with a new server. */
const ROUNDS_MAX = 4;
const ROUND = { seconds: 10, serverKills: 3, turnsEach: 1 };

/** Throws `ClaimBroken` unless every bug that is tried is found. */
export function findProgramBugs(context: ProofContext, random: Random): Promise<Figures> {
  return findBugs(PROGRAM_BUGS, TRIED[context.budget], context, (bug) => evidenceOf(bug, random));
}

/** Resolves with the violation that revealed the bug. Null if none did. */
async function evidenceOf({ patches, evidence }: ProgramBug, random: Random): Promise<string | null> {
  const build = new TestBuild(patches);
  try {
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      const { violations } = await new Arena(random.split(), build.main).run(ROUND);
      const found = violations.find((violation) => evidence.test(violation));
      if (found !== undefined) return found.slice(0, 150).split('\n')[0] ?? '';
      if (violations.length > 0) return null;
    }
    return null;
  } finally {
    build.remove();
  }
}
