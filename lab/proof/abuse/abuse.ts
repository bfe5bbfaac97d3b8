import { BUILT_MAIN } from '../../../src/bench/server/server-process.js';
import { Random } from '../../kit/random.js';
import { expectPatchesApply, TestBuild } from '../../kit/server/test-build.js';
import { ClaimBroken, type Budget, type Figures, type Proof, type ProofContext } from '../proof.js';
import { ABUSE_BUGS, type AbuseBug } from './abuse-bugs.js';
import type { Attack, Stage } from './attack.js';
import { ATTACKS } from './attacks.js';
import { Findings } from './findings.js';
import { violationsOf } from './violations.js';

/** Bugs that are tried. The seed says which, so that all have their turn. */
const TRIED: Record<Budget, number> = { small: 1, full: ABUSE_BUGS.length };

/** A bug that shows only when the moment is bad gets more than one chance. */
const ROUNDS_MAX = 3;

/** These attacks alone, by their names, if it is set: to try one of them, or with `none` the bugs. */
const CHOSEN = process.env['ABUSE_ATTACKS']?.split(',');

export const abuse: Proof = {
  name: 'abuse',
  claim:
    'no bytes of a stranger end the process, and no user, slow reader or odd environment stops or starves the others',
  run,
};

async function run(context: ProofContext): Promise<Figures> {
  for (const { patches } of ABUSE_BUGS) expectPatchesApply(patches);
  const dice = new Random(context.seed);
  const findings = await attackSoundServer(context, dice);
  if (findings.violations.length > 0) throw new ClaimBroken(findings.violations.join('\n'));
  return { ...findings.figures, ...(await findBugs(context, dice)) };
}

async function attackSoundServer({ budget, tell }: ProofContext, dice: Random): Promise<Findings> {
  const findings = new Findings();
  for (const attack of attacksFor(budget)) {
    const judgesSpeed = budget === 'full';
    const stage = { main: BUILT_MAIN, budget, judgesSpeed, dice: dice.split(), findings: new Findings() };
    const violations = await violationsOf(attack, stage);
    tell(`${attack.name}: ${violations.length === 0 ? 'held' : 'BROKEN'}`);
    findings.violations.push(...violations.map((violation) => `${attack.name}: ${violation}`));
    findings.note(stage.findings.figures);
  }
  return findings;
}

function attacksFor(budget: Budget): readonly Attack[] {
  if (CHOSEN !== undefined) return ATTACKS.filter(({ name }) => CHOSEN.includes(name));
  return ATTACKS.filter(({ isLong }) => budget === 'full' || isLong !== true);
}

/** Throws `ClaimBroken` unless every bug that is tried is found. */
async function findBugs({ budget, seed, tell }: ProofContext, dice: Random): Promise<Figures> {
  const tried = inTurn(seed, TRIED[budget]);
  const found: Record<string, string> = {};
  for (const bug of tried) {
    const evidence = await hunt(bug, dice);
    tell(`${bug.name}: ${evidence ?? 'MISSED'}`);
    if (evidence !== null) found[bug.name] = evidence;
  }
  const missed = tried.filter(({ name }) => found[name] === undefined).map(({ name }) => name);
  if (missed.length > 0) throw new ClaimBroken(`these bugs were not noticed: ${missed.join('; ')}`);
  return { 'bugs found': `${tried.length} of ${tried.length}`, ...found };
}

function inTurn(seed: number, count: number): readonly AbuseBug[] {
  const first = (seed * count) % Math.max(1, ABUSE_BUGS.length);
  return [...ABUSE_BUGS.slice(first), ...ABUSE_BUGS.slice(0, first)].slice(0, count);
}

/** Returns the violation that gave the bug away; null if none did. */
async function hunt(bug: AbuseBug, dice: Random): Promise<string | null> {
  const build = new TestBuild(bug.patches);
  try {
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      const found = (await attackWith(bug, build.main, dice)).find((violation) =>
        bug.evidence.test(violation),
      );
      if (found !== undefined) return found.slice(0, 150).split('\n')[0] ?? '';
    }
    return null;
  } finally {
    build.remove();
  }
}

function attackWith({ attack: name }: AbuseBug, main: string, dice: Random): Promise<readonly string[]> {
  const attack = ATTACKS.find((one) => one.name === name);
  if (attack === undefined) throw new Error(`there is no attack called ${name}`);
  const stage: Stage = {
    main,
    budget: 'small',
    judgesSpeed: false,
    dice: dice.split(),
    findings: new Findings(),
  };
  return violationsOf(attack, stage);
}
