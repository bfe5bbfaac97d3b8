import type { Random } from '../../kit/random.js';
import { TestBuild } from '../../kit/server/test-build.js';
import { ClaimBroken, type Budget, type Figures, type ProofContext } from '../proof.js';
import { Arena } from './arena.js';
import { PROGRAM_BUGS, type ProgramBug } from './program-bugs.js';

/** How many bugs to try. The seed picks them, so that all get their turn. */
const TRIED: Record<Budget, number> = { small: 1, full: PROGRAM_BUGS.length };

/** A bug that needs bad luck gets more chances, with a new server. */
const ROUNDS_MAX = 4;
const ROUND = { seconds: 10, serverKills: 3, turnsEach: 1 };

/** Throws `ClaimBroken` unless every bug that is tried is found. */
export async function findProgramBugs(
  { budget, seed, reportProgress }: ProofContext,
  random: Random,
): Promise<Figures> {
  const tried = inTurn(seed, TRIED[budget]);
  const found: Record<string, string> = {};
  for (const bug of tried) {
    const evidence = await evidenceOf(bug, random);
    reportProgress(`${bug.name}: ${evidence ?? 'MISSED'}`);
    if (evidence !== null) found[bug.name] = evidence;
  }
  const missed = tried.filter(({ name }) => found[name] === undefined).map(({ name }) => name);
  if (missed.length > 0) throw new ClaimBroken(`these bugs were not found: ${missed.join('; ')}`);
  return { 'bugs found': `${tried.length} of ${tried.length}`, ...found };
}

function inTurn(seed: number, count: number): readonly ProgramBug[] {
  const first = (seed * count) % PROGRAM_BUGS.length;
  return [...PROGRAM_BUGS.slice(first), ...PROGRAM_BUGS.slice(0, first)].slice(0, count);
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
