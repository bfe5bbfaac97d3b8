import { Random } from '../disk/random.js';
import { ClaimBroken, type Budget, type Figures, type Proof, type ProofContext } from '../proof.js';
import { BUGS, type Bug } from './bugs.js';
import { Hunt } from './hunt.js';
import { TestBuild } from './test-build.js';

/** Bugs that are tried. The seed says which, so that all have their turn. */
const TRIED: Record<Budget, number> = { small: 6, full: BUGS.length };

/** How long each bug has to show itself. */
const SECONDS_MAX = 60;

/** How long a server without a bug is suspected. */
const CONTROL_SECONDS: Record<Budget, number> = { small: 3, full: 15 };

const NO_BUG: Bug = { name: 'no bug', needsKill: false, patches: [] };

export const checkerBites: Proof = {
  name: 'checker-bites',
  claim: 'The checks of the histories find mistakes: a server with any of these bugs is rejected.',
  run,
};

async function run({ budget, seed, tell }: ProofContext): Promise<Figures> {
  for (const { patches } of BUGS) new TestBuild(patches).remove();
  const dice = new Random(seed);
  const figures: Record<string, string> = {};
  const missed: string[] = [];
  const suspicion = await hunt(NO_BUG, dice, CONTROL_SECONDS[budget]);
  if (suspicion !== null) throw new ClaimBroken(`a server without a bug was rejected: ${suspicion.evidence}`);
  const first = seed % BUGS.length;
  const bugs = [...BUGS.slice(first), ...BUGS.slice(0, first)].slice(0, TRIED[budget]);
  for (const bug of bugs) {
    const found = await hunt(bug, dice, SECONDS_MAX);
    if (found === null) missed.push(bug.name);
    else figures[bug.name] = `${found.seconds.toFixed(1)} s, ${found.by}`;
    tell(found === null ? `MISSED: ${bug.name}` : `${bug.name}: ${firstLine(found.evidence)}`);
  }
  if (missed.length > 0) throw new ClaimBroken(`these bugs were not noticed: ${missed.join('; ')}`);
  return { 'bugs found': `${bugs.length} of ${bugs.length}`, ...figures };
}

async function hunt({ patches, needsKill }: Bug, dice: Random, seconds: number): ReturnType<Hunt['run']> {
  const build = new TestBuild(patches);
  try {
    return await new Hunt(build.main, needsKill, dice.split()).run(seconds);
  } finally {
    build.remove();
  }
}

function firstLine(text: string): string {
  return text.slice(0, 140).split('\n')[0] ?? '';
}
