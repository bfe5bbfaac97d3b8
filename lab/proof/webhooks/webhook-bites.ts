import { Random } from '../../kit/random.js';
import { TestBuild, type Patch } from '../../kit/server/test-build.js';
import { ClaimBroken, type Budget, type Figures, type Proof, type ProofContext } from '../proof.js';
import { HURRIED } from './hurried-build.js';
import { MISBEHAVIOURS } from './misbehaviour.js';
import { PATIENT } from './patient-build.js';
import { SsrfStory } from './ssrf-story.js';
import { standstill } from './standstill.js';
import { Trial } from './trial.js';
import { WEBHOOK_BUGS, type WebhookBug } from './webhook-bugs.js';

/** Bugs that are tried. The seed says which, so that all have their turn. */
const TRIED: Record<Budget, number> = { small: 1, full: WEBHOOK_BUGS.length };

/** A bug that shows only when a kill comes at a bad moment gets more than one chance. */
const ROUNDS_MAX = 4;

const PATIENCE_MS = 8_000;

/** A few kinds of bad receivers give each bug its occasion. */
const BAD = MISBEHAVIOURS.filter(({ name }) =>
  [
    '500',
    'never answers',
    'resets before the head',
    'redirects to itself',
    'pours an error without end',
  ].includes(name),
);

export const webhookBites: Proof = {
  name: 'webhook-bites',
  claim:
    'The checks of webhooks find mistakes: a server with any of these bugs is rejected, for the right reason.',
  run,
};

async function run({ budget, seed, tell }: ProofContext): Promise<Figures> {
  const random = new Random(seed);
  const first = seed % WEBHOOK_BUGS.length;
  const tried = [...WEBHOOK_BUGS.slice(first), ...WEBHOOK_BUGS.slice(0, first)].slice(0, TRIED[budget]);
  const figures: Record<string, string> = {};
  const missed: string[] = [];
  for (const bug of tried) {
    const evidence = await hunt(bug, random);
    if (evidence === null) missed.push(bug.name);
    else figures[bug.name] = shortened(evidence);
    tell(`${bug.name}: ${evidence === null ? 'MISSED' : shortened(evidence)}`);
  }
  if (missed.length > 0) throw new ClaimBroken(`these bugs were not noticed: ${missed.join('; ')}`);
  return { 'bugs found': `${tried.length} of ${tried.length}`, ...figures };
}

/** Returns the violation that gave the bug away; null if none did. */
async function hunt({ attack, evidence, patches }: WebhookBug, random: Random): Promise<string | null> {
  const build = new TestBuild([...BASES[attack], ...patches]);
  try {
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      const violations = await ATTACKS[attack](build.main, random.split());
      const found = violations.find((violation) => evidence.test(violation));
      if (found !== undefined) return found;
    }
    return null;
  } finally {
    build.remove();
  }
}

const ATTACKS: Record<WebhookBug['attack'], (main: string, random: Random) => Promise<readonly string[]>> = {
  trial: async (main, random) => {
    const plan = {
      main,
      misbehaviours: BAD,
      times: 3,
      kills: 3,
      patienceMs: PATIENCE_MS,
      tell: () => undefined,
    };
    return (await Trial.run(plan, random)).violations;
  },
  standstill: async (main, random) => (await standstill(main, random, PATIENCE_MS)).violations,
  ssrf: async (main) => (await SsrfStory.tell(main)).violations,
};

const BASES: Record<WebhookBug['attack'], readonly Patch[]> = {
  trial: HURRIED,
  standstill: PATIENT,
  ssrf: [],
};

function shortened(text: string): string {
  return text.length > 150 ? `${text.slice(0, 150)}…` : text;
}
