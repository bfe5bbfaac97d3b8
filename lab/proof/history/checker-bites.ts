import { Random } from '../../kit/random.js';
import { ClaimBroken, type Budget, type Figures, type Proof, type ProofContext } from '../proof.js';
import { HURRIED } from '../webhooks/hurried-build.js';
import type { Bug } from './bug.js';
import { BUGS } from './bugs.js';
import { USUAL_HABITS } from '../../kit/load/habits.js';
import { Hunt, type Effort, type Find } from './hunt.js';
import { expectPlaces, TestBuild } from '../../kit/server/test-build.js';

/** Bugs that are tried. The seed says which, so that all have their turn. */
const TRIED: Record<Budget, number> = { small: 2, full: BUGS.length };

/** A bug that does not show in one hunt has more chances, with other dice and a new server. */
const HUNTS_MAX = 4;
const HUNT: Effort = { rounds: 12, patienceMs: 10_000 };

/** How hard servers without a bug are suspected. */
const CONTROL: Record<Budget, Effort> = {
  small: { rounds: 1, patienceMs: 60_000 },
  full: { rounds: 6, patienceMs: 60_000 },
};

/** Between them these do all that is done to find a bug. */
const CONTROLS: readonly Bug[] = [true, false].map((kills) => ({
  name: 'no bug',
  attack: { kills, events: true, habits: { ...USUAL_HABITS, shortLease: 0.2, shortTtls: [1, 2, 5, 6] } },
  patches: [],
}));
const CONTROLS_TRIED: Record<Budget, number> = { small: 1, full: CONTROLS.length };

export const checkerBites: Proof = {
  name: 'checker-bites',
  claim: 'The checks of the histories find mistakes: a server with any of these bugs is rejected.',
  run,
};

async function run({ budget, seed, tell }: ProofContext): Promise<Figures> {
  for (const { patches } of BUGS) expectPlaces(patches);
  const dice = new Random(seed);
  for (const control of CONTROLS.slice(0, CONTROLS_TRIED[budget])) {
    const suspicion = await hunt(control, dice, CONTROL[budget]);
    if (suspicion !== null)
      throw new ClaimBroken(`a server without a bug was rejected: ${suspicion.evidence}`);
  }
  tell('servers without a bug were not rejected');
  const first = (seed * TRIED[budget]) % BUGS.length;
  const bugs = [...BUGS.slice(first), ...BUGS.slice(0, first)].slice(0, TRIED[budget]);
  const figures: Record<string, string> = {};
  for (const bug of bugs) {
    const found = await huntAgain(bug, dice);
    tell(`${bug.name}: ${found === null ? 'MISSED' : firstLine(found.evidence)}`);
    if (found !== null) figures[bug.name] = `${found.seconds.toFixed(1)} s, ${found.by}`;
  }
  const missed = bugs.filter(({ name }) => figures[name] === undefined);
  if (missed.length > 0) {
    throw new ClaimBroken(`these bugs were not noticed: ${missed.map(({ name }) => name).join('; ')}`);
  }
  return { 'bugs found': `${bugs.length} of ${bugs.length}`, ...figures };
}

async function huntAgain(bug: Bug, dice: Random): Promise<Find | null> {
  for (let hunts = 0; hunts < HUNTS_MAX; hunts += 1) {
    const found = await hunt(bug, dice, HUNT);
    if (found !== null) return found;
  }
  return null;
}

async function hunt({ patches, attack }: Bug, dice: Random, effort: Effort): Promise<Find | null> {
  const build = new TestBuild([...patches, ...(attack.events ? HURRIED : [])]);
  try {
    return await Hunt.run(build.main, attack, dice.split(), effort);
  } finally {
    build.remove();
  }
}

function firstLine(text: string): string {
  return text.slice(0, 140).split('\n')[0] ?? '';
}
