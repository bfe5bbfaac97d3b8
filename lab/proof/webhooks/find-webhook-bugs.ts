import { Random } from '../../kit/random.js';
import { TestBuild, type Patch } from '../../kit/server/test-build.js';
import { ClaimBroken, type Budget, type Figures, type Proof, type ProofContext } from '../proof.js';
import { SHORT_TIMES } from './short-times.js';
import { MISBEHAVIOURS } from './misbehaviour.js';
import { LONG_TIMEOUTS } from './long-timeouts.js';
import { SsrfAttack } from './ssrf-attack.js';
import { hangingReceivers } from './hanging-receivers.js';
import { Trial } from './trial.js';
import { WEBHOOK_BUGS, type WebhookBug } from './webhook-bugs.js';

/** How many bugs to try. The seed picks them, so that all get their turn. */
const TRIED: Record<Budget, number> = { small: 1, full: WEBHOOK_BUGS.length };

/** A bug that shows only if a kill comes at a bad moment gets more than one chance. */
const ROUNDS_MAX = 4;

const PATIENCE_MS = 8_000;

/** A few kinds of bad receivers, which suffice for every bug to show. */
const BAD = MISBEHAVIOURS.filter(({ name }) =>
  [
    '500',
    'never answers',
    'resets before the head',
    'redirects to itself',
    'floods with an endless error',
  ].includes(name),
);

export const webhookBugs: Proof = {
  name: 'webhook-bugs',
  formerName: 'webhook-bites',
  claim:
    'The checks of webhooks find bugs: a server with any of these bugs is rejected, for the right reason.',
  run,
};

async function run({ budget, seed, reportProgress }: ProofContext): Promise<Figures> {
  const random = new Random(seed);
  const first = seed % WEBHOOK_BUGS.length;
  const tried = [...WEBHOOK_BUGS.slice(first), ...WEBHOOK_BUGS.slice(0, first)].slice(0, TRIED[budget]);
  const figures: Record<string, string> = {};
  const missed: string[] = [];
  for (const bug of tried) {
    const evidence = await evidenceOf(bug, random);
    if (evidence === null) missed.push(bug.name);
    else figures[bug.name] = shortened(evidence);
    reportProgress(`${bug.name}: ${evidence === null ? 'MISSED' : shortened(evidence)}`);
  }
  if (missed.length > 0) throw new ClaimBroken(`these bugs were not found: ${missed.join('; ')}`);
  return { 'bugs found': `${tried.length} of ${tried.length}`, ...figures };
}

/** Resolves with the violation that revealed the bug. Null if none did. */
async function evidenceOf({ attack, evidence, patches }: WebhookBug, random: Random): Promise<string | null> {
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
      reportProgress: () => undefined,
    };
    return (await Trial.run(plan, random)).violations;
  },
  'hanging-receivers': async (main, random) => (await hangingReceivers(main, random, PATIENCE_MS)).violations,
  ssrf: async (main) => (await SsrfAttack.run(main)).violations,
};

const BASES: Record<WebhookBug['attack'], readonly Patch[]> = {
  trial: SHORT_TIMES,
  'hanging-receivers': LONG_TIMEOUTS,
  ssrf: [],
};

function shortened(text: string): string {
  return text.length > 150 ? `${text.slice(0, 150)}…` : text;
}
